// Vite's way to bring a worker along: its script, bundled, within the module that imports it.
declare module '*?worker&inline' {
  const InlineWorker: new (options?: { name?: string }) => Worker;
  export default InlineWorker;
}
