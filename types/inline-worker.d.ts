// Vite's way to bring a worker along: its script, bundled, within the module that imports it. The build lets `open` make it.
declare module '*?worker&inline' {
  const InlineWorker: new (options: { name: string; open(address: string, options?: WorkerOptions): Worker }) => Worker;
  export default InlineWorker;
}
