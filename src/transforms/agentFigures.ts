import type { Attributes, AttributeValue, KeyUse } from '../model/details.ts';
import {
  type AgentKind,
  claudeCodeKinds,
  isCallKey,
  isModelKey,
  type KindRule,
  kindOfAiSdk,
  kindOfName,
  kindRank,
  kindRuleOf,
  mcpKinds,
  wordOf,
} from './agentKindRules.ts';
import {
  exclusiveRank,
  holdsModelInside,
  holdsUsageInside,
  type ModelKey,
  modelInside,
  modelKeyOf,
  noRank,
  slot,
  slotCount,
  type UsageKey,
  type UsageSink,
  usageInside,
  usageKeyOf,
} from './agentUsageKeys.ts';
import { numberOf } from './agentValues.ts';

/**
 * What must be known of every span: its kind, tokens, cost and model, found in one walk over its attributes. One object
 * reads span after span, so that a million of them leave no garbage behind.
 */
export class SpanFigures implements UsageSink {
  kind: AgentKind = 'other';
  /** By `usageSlots`, NaN where nothing is said. */
  readonly numbers: Float64Array = new Float64Array(slotCount).fill(NaN);
  requestModel = '';
  responseModel = '';
  readonly #ranks: Uint8Array = new Uint8Array(slotCount).fill(noRank);
  #requestRank = noRank;
  #responseRank = noRank;
  #kindRank: number = kindRank.none;
  #hasModel = false;
  #hasCall = false;
  #aiOperation = '';
  #hasUsageInside = false;
  #hasModelInside = false;

  get hasTokens(): boolean {
    const { numbers } = this;
    return !(Number.isNaN(numbers[slot.total]!) && Number.isNaN(numbers[slot.cacheRead]!));
  }

  get model(): string {
    return this.responseModel || this.requestModel;
  }

  read(name: NameFacts, scope: string | undefined, attributes: Attributes): void {
    this.#reset();
    for (const key in attributes) {
      const role = roleOf(key);
      if (role !== null) this.#take(role, attributes[key] as AttributeValue);
    }
    this.#settleKind(name, scope);
    if (this.#hasUsageInside && Number.isNaN(this.numbers[slot.input]!) && Number.isNaN(this.numbers[slot.output]!))
      usageInside(attributes, this.kind, this);
    if (this.#hasModelInside && this.model === '') this.requestModel = modelInside(attributes);
    this.#settleUsage();
  }

  /** Enters a number of `rank`, unless one of a lower rank is there. Used by what reads usage out of objects. */
  enter(place: number, rank: number, value: AttributeValue | undefined): void {
    if (rank >= this.#ranks[place]!) return;
    const number = typeof value === 'number' ? value : numberOf(value);
    // NaN too.
    if (!(number >= 0 && number < Infinity)) return;
    this.numbers[place] = number;
    this.#ranks[place] = rank;
  }

  #reset(): void {
    this.kind = 'other';
    // `fill` costs more than nine stores.
    for (let place = 0; place < slotCount; place++) {
      this.numbers[place] = NaN;
      this.#ranks[place] = noRank;
    }
    this.requestModel = '';
    this.responseModel = '';
    this.#requestRank = noRank;
    this.#responseRank = noRank;
    this.#kindRank = kindRank.none;
    this.#hasModel = false;
    this.#hasCall = false;
    this.#aiOperation = '';
    this.#hasUsageInside = false;
    this.#hasModelInside = false;
  }

  #take(role: KeyRole, value: AttributeValue): void {
    this.#hasModel ||= role.isModel;
    this.#hasCall ||= role.isCall;
    if (role.kind !== undefined) this.#takeKind(role.kind, value);
    if (role.usage !== undefined) this.#takeUsage(role.usage, value);
    if (role.model !== undefined) this.#takeModel(role.model, value);
    this.#hasUsageInside ||= role.hasUsageInside;
    this.#hasModelInside ||= role.hasModelInside;
    if (role.special !== undefined && typeof value === 'string') this.#takeSpecial(role.special, value);
  }

  #takeUsage(usage: UsageKey, value: AttributeValue): void {
    if (usage.slot === undefined) usage.read!(this, usage.rank, value);
    else if (!(usage.isZeroAbsent && numberOf(value) === 0)) this.enter(usage.slot, usage.rank, value);
  }

  #takeKind(rule: KindRule, value: AttributeValue): void {
    if (rule.rank >= this.#kindRank) return;
    if (rule.isValueNeeded && (value === undefined || value === null || value === '')) return;
    const kind =
      rule.kind ?? (typeof value === 'string' ? (rule.kinds!.get(value) ?? rule.kinds!.get(wordOf(value))) : undefined);
    if (kind === undefined) return;
    this.kind = kind;
    this.#kindRank = rule.rank;
  }

  #takeModel({ rank, isResponse }: ModelKey, value: AttributeValue): void {
    if (rank >= (isResponse ? this.#responseRank : this.#requestRank)) return;
    if (typeof value !== 'string' || value === '' || value.length > longestModel || isNoModel.test(value)) return;
    const model = value[0] === '"' ? value.slice(1, -1) : value;
    if (isResponse) {
      this.responseModel = model;
      this.#responseRank = rank;
    } else {
      this.requestModel = model;
      this.#requestRank = rank;
    }
  }

  #takeSpecial(special: SpecialKey, value: string): void {
    if (special === 'mcp') this.#takeMcp(value);
    else if (special === 'ai-operation-id') this.#aiOperation = wordOf(value) || this.#aiOperation;
    else if (this.#aiOperation === '') this.#aiOperation = wordOf(value).split(' ', 1)[0]!;
  }

  #takeMcp(value: string): void {
    const method = wordOf(value);
    if (method === '' || this.#kindRank <= kindRank.mcp) return;
    this.kind = mcpKinds.get(method) ?? 'other';
    this.#kindRank = kindRank.mcp;
  }

  #settleKind(name: NameFacts, scope: string | undefined): void {
    if (this.#kindRank > kindRank.claudeCode && name.claudeCode) this.#setKind(name.claudeCode, kindRank.claudeCode);
    const ofAiSdk = this.#aiOperation === '' ? name.aiSdk : kindOfAiSdk(this.#aiOperation);
    if (this.#kindRank > kindRank.aiSdk && ofAiSdk) this.#setKind(ofAiSdk, kindRank.aiSdk);
    const ofName = name.isScoped ? kindOfName(name.name, scope) : name.kind;
    if (this.#kindRank > kindRank.name && ofName) this.#setKind(ofName, kindRank.name);
    if (this.#kindRank > kindRank.call && this.#hasModel && this.#hasCall) this.#setKind('llm', kindRank.call);
  }

  #setKind(kind: AgentKind, rank: number): void {
    this.kind = kind;
    this.#kindRank = rank;
  }

  /** Input includes what the cache held, a total is there where anything is. */
  #settleUsage(): void {
    const { numbers } = this;
    const cache = (numbers[slot.cacheRead] || 0) + (numbers[slot.cacheWrite] || 0);
    const isApart = this.#ranks[slot.input] === exclusiveRank || numbers[slot.cacheRead]! > numbers[slot.input]!;
    if (isApart) numbers[slot.input]! += cache;
    if (Number.isNaN(numbers[slot.total]!))
      numbers[slot.total] = sumOfKnown(numbers[slot.input]!, numbers[slot.output]!);
    if (Number.isNaN(numbers[slot.cost]!))
      numbers[slot.cost] = sumOfKnown(numbers[slot.inputCost]!, numbers[slot.outputCost]!);
  }
}

type SpecialKey = 'mcp' | 'ai-operation-id' | 'ai-operation-name';

const specialKeys: ReadonlyMap<string, SpecialKey> = new Map([
  ['mcp.method.name', 'mcp'],
  ['ai.operationId', 'ai-operation-id'],
  ['operation.name', 'ai-operation-name'],
]);

/** All that one key can tell. */
interface KeyRole {
  readonly kind: KindRule | undefined;
  readonly usage: UsageKey | undefined;
  readonly model: ModelKey | undefined;
  /** Evidence of a call, each half of it. */
  readonly isModel: boolean;
  readonly isCall: boolean;
  readonly hasUsageInside: boolean;
  readonly hasModelInside: boolean;
  readonly special: SpecialKey | undefined;
}

/** Roles of the keys met so far; null for a key that tells nothing. A hostile file may have a new key for each span. */
const knownRoles = new Map<string, KeyRole | null>();
const mostKnownRoles = 20_000;

function roleOf(key: string): KeyRole | null {
  let role = knownRoles.get(key);
  if (role === undefined) {
    role = workOutRole(key);
    if (knownRoles.size >= mostKnownRoles) knownRoles.clear();
    knownRoles.set(key, role);
  }
  return role;
}

/** How much of an attribute figures are read from. */
export function figureUse(key: string): KeyUse {
  const role = workOutRole(key);
  if (role === null) return 'none';
  const { kind, usage, model, hasUsageInside, hasModelInside, special } = role;
  const isValueUsed = kind ?? usage ?? model ?? special;
  return isValueUsed !== undefined || hasUsageInside || hasModelInside ? 'value' : 'presence';
}

function workOutRole(key: string): KeyRole | null {
  const role: KeyRole = {
    kind: kindRuleOf(key),
    usage: usageKeyOf(key),
    model: modelKeyOf(key),
    isModel: isModelKey(key),
    isCall: isCallKey(key),
    hasUsageInside: holdsUsageInside(key),
    hasModelInside: holdsModelInside(key),
    special: specialKeys.get(key),
  };
  return Object.values(role).some((value) => value !== undefined && value !== false) ? role : null;
}

const longestModel = 300;
/** Words that stand where a library did not know. */
const isNoModel = /^"?(?:unknown|none|null|undefined|n\/a)"?$/i;

export function sumOfKnown(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b;
}

export function figuresOf(name: string, scope: string | undefined, attributes: Attributes): SpanFigures {
  const figures = new SpanFigures();
  figures.read(nameFacts(name), scope, attributes);
  return figures;
}

/** What a name says, whatever the attributes are. Worked out once for each name of a trace. */
export interface NameFacts {
  readonly name: string;
  readonly claudeCode: AgentKind | undefined;
  readonly aiSdk: AgentKind | undefined;
  readonly kind: AgentKind | undefined;
  /** The kind depends on the instrumentation scope. */
  readonly isScoped: boolean;
}

export function nameFacts(name: string): NameFacts {
  const kind = kindOfName(name, undefined);
  return {
    name,
    claudeCode: claudeCodeKinds.get(/^claude_code\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''),
    aiSdk: kindOfAiSdk(name),
    kind,
    isScoped: scopesOfNames.some((scope) => kindOfName(name, scope) !== kind),
  };
}

const scopesOfNames = ['pydantic-ai', 'gcp.vertex.agent', 'livekit-agents'];
