import { flushSync, mount } from 'svelte';
import './tokens.css';
import './app.css';
import App from './App.svelte';
import { whenIdle } from './idle.ts';
import { startSpare } from './inspector.ts';
import { Preferences } from './preferences.svelte.ts';
import { Workspace } from './workspace.svelte.ts';

const preferences = new Preferences();
await preferences.load();
const target = document.getElementById('app');
if (target) mount(App, { target, props: { workspace: new Workspace(preferences) } });
// The keys of the window work as soon as there is something to see.
flushSync();
whenIdle(startSpare);
