import type { SpanIndex } from '../model/columns.ts';
import type { AgentKind } from './agentKindRules.ts';
import type { AgentMessage } from './agentMessage.ts';

/**
 * A run read as one conversation: what agents, models, tools, memories and decisions said, in order of their start, each
 * agent's and each tool's own steps within it. Plumbing is left out. Messages are read when they are asked for.
 *
 * ```
 * agent triage
 *   llm      said: the question (new) · answered: call list_dashboards
 *   tool     list_dashboards
 *   tool     summarize
 *     agent summarizer
 *       llm
 *   llm      said: two results (new) · answered: the reason
 * ```
 */
export interface TranscriptPart {
  readonly kind: AgentKind;
  readonly span: SpanIndex;
  readonly label: string;
  /** An error's or a soft failure's message, where the step failed. */
  readonly failure: string | undefined;
  /** Below this one. */
  readonly parts: readonly TranscriptPart[];
  /** Of a model's call: what it was told and the agent's call before was neither told nor answered. */
  newMessages(): readonly AgentMessage[];
  /** Of a model's call: what it answered. Of other steps: what they gave. */
  answer(): readonly AgentMessage[];
}
