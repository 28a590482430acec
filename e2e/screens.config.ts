import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

/** Pictures of the page's states (npm run screens): to be looked at, no test of anything. */
export default defineConfig({ ...config, testMatch: 'screens.ts', reporter: 'line', workers: 1 });
