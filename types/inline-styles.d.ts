// Vite's way to bring a stylesheet along as text.
declare module '*.css?inline' {
  const text: string;
  export default text;
}
