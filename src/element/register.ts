import { defineSpanScope, SpanScopeElement, type SpanScopeEvents } from './SpanScopeElement.tsx';

defineSpanScope();

declare global {
  interface HTMLElementTagNameMap {
    'span-scope': SpanScopeElement;
  }
}

export { defineSpanScope, SpanScopeElement, type SpanScopeEvents };
