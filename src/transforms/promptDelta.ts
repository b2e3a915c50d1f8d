import type { AgentMessage } from './agentMessage.ts';

/**
 * What a model was told that it was not told the last time. Every call repeats the whole conversation: this is what is new.
 */
export interface PromptDelta {
  /** Messages that stand in both. */
  readonly kept: number;
  /** In the order of the newer prompt, what was removed before what follows it. */
  readonly changes: readonly PromptChange[];
}

export type PromptChange =
  | {
      readonly type: 'added';
      readonly message: AgentMessage;
      /** In the newer prompt. */
      readonly position: number;
      /** It is what the model answered the last time. */
      readonly isPreviousAnswer: boolean;
    }
  | { readonly type: 'removed'; readonly message: AgentMessage /** In the older prompt. */; readonly position: number }
  | {
      readonly type: 'rewritten';
      readonly before: AgentMessage;
      readonly message: AgentMessage;
      /** In the newer prompt. */
      readonly position: number;
      readonly positionBefore: number;
    };
