import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'spanscope/styles.css';
import './viewer.css';
import { App } from './App.tsx';

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
