import type { AttributeValue } from '../model/details.ts';

/** Who speaks. `other` where the source has a word of its own: it stands in `sourceRole`. */
export type MessageRole = 'system' | 'user' | 'assistant' | 'tool' | 'other';

/** What a model was told or answered, in one shape whatever library wrote it down. */
export interface AgentMessage {
  readonly role: MessageRole;
  /** The source's word, where it is none of the roles' names: `developer`, `model`, `human`, `ipython`. */
  readonly sourceRole?: string;
  /** Of the participant or of the tool, where the source names one. */
  readonly name?: string;
  /** In the source's order. Empty where the message says nothing. */
  readonly parts: readonly MessagePart[];
  /** Why the model stopped, where the message itself says it: `stop`, `tool_calls`, `length`. */
  readonly finishReason?: string;
}

/** One part of a message. `json` is what no other type holds, so that nothing is lost. */
export type MessagePart = TextPart | ReasoningPart | ToolCallPart | ToolResultPart | MediaPart | JsonPart;

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** What a model thought before it answered. Empty text where the provider keeps it to itself. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
}

/** A model asks for a tool. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly id?: string;
  readonly name: string;
  /** Out of its JSON text where it is such; the text itself where that is broken. */
  readonly arguments: AttributeValue | undefined;
  /** The provider runs the tool itself (web search, code interpreter). */
  readonly isServerSide?: true;
}

/** What a tool answered. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  /** Of the call that it answers. */
  readonly id?: string;
  readonly name?: string;
  readonly result: AttributeValue | undefined;
  readonly isError?: true;
}

/** An image, a sound or a file: its address, its bytes, or the id under which its provider keeps it. */
export interface MediaPart {
  readonly type: 'media';
  readonly modality: 'image' | 'audio' | 'video' | 'file';
  /** As `image/png`, where the source says it. */
  readonly mediaType?: string;
  /** As the source has it, `data:` addresses too: hostile text, never to be loaded unasked. */
  readonly url?: string;
  /** Base64 text as the source has it, or bytes. */
  readonly data?: string | Uint8Array;
  readonly fileId?: string;
  readonly fileName?: string;
}

export interface JsonPart {
  readonly type: 'json';
  readonly value: AttributeValue;
  /** What the source calls it. */
  readonly sourceType?: string;
}
