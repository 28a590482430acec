/** What a worker could reach the network with. */
const NETWORK = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'RTCPeerConnection',
  'BroadcastChannel',
  'importScripts',
  'Notification',
] as const;

/**
 * Take the network away from this worker before it reads a byte of an image: a meta policy does not
 * bind a worker that was loaded from the network. Modules of our own still load by `import()`.
 */
export function disarm(scope: object): void {
  for (const name of NETWORK) {
    for (let holder: object | null = scope; holder; holder = Object.getPrototypeOf(holder) as object | null) {
      if (Object.hasOwn(holder, name)) Reflect.deleteProperty(holder, name);
    }
    Object.defineProperty(scope, name, { value: undefined, writable: false, configurable: false });
  }
}
