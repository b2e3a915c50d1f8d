// Bundlers replace `process.env.NODE_ENV`; nothing else of Node exists where the components run.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

declare module '*.css' {}
