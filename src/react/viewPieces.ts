import type { CollapsedSpans } from '../layout/collapse.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { ViewState } from '../layout/viewState.ts';
import { noOpenGroups, type OpenGroups, plainArrangement, type RowArrangement } from './shownRows.ts';
import { isColorRule, type SpanColorBy } from './spanColors.ts';
import type { TimeDisplay } from './useClock.ts';

/** One value of view state as the pieces that views take. What the value leaves out is as it is at the beginning. */
export interface ViewPieces {
  readonly selectedSpanId: string | null;
  readonly collapsedSpanIds: CollapsedSpans;
  readonly timeRange: TimeRange | null;
  readonly query: string;
  readonly arrangement: RowArrangement;
  readonly openGroups: OpenGroups;
  /** By name; undefined for the usual ones. */
  readonly columnNames: readonly string[] | undefined;
  readonly showsCriticalPath: boolean;
  readonly timeDisplay: TimeDisplay;
  readonly timeZone: string | undefined;
  readonly colorBy: SpanColorBy;
  readonly tab: string | undefined;
}

export const nothingCollapsed: CollapsedSpans = new Set<string>();

const piecesByState = new WeakMap<ViewState, ViewPieces>();

/** The same pieces for the same value, so that what is shown is not worked out again. */
export function piecesOf(state: ViewState): ViewPieces {
  let pieces = piecesByState.get(state);
  if (!pieces) {
    pieces = {
      selectedSpanId: state.selection ?? null,
      collapsedSpanIds: state.collapsed ?? nothingCollapsed,
      timeRange: state.range ?? null,
      query: state.query ?? '',
      arrangement: arrangementOf(state),
      openGroups: groupsOf(state.expandedGroups),
      columnNames: state.columns,
      showsCriticalPath: state.criticalPath ?? false,
      timeDisplay: state.timeZone === undefined ? 'relative' : 'absolute',
      timeZone: state.timeZone,
      colorBy: state.colorBy !== undefined && isColorRule(state.colorBy) ? state.colorBy : 'auto',
      tab: state.tab,
    };
    piecesByState.set(state, pieces);
  }
  return pieces;
}

/** Pieces as one value, without those that are as at the beginning: for the shortest link. */
export function stateOf(pieces: ViewPieces): ViewState {
  const { arrangement, collapsedSpanIds } = pieces;
  const isFolded = 'all' in collapsedSpanIds || collapsedSpanIds.size > 0;
  const state: { -readonly [Name in keyof ViewState]: ViewState[Name] } = {};
  if (pieces.selectedSpanId !== null) state.selection = pieces.selectedSpanId;
  if (isFolded) state.collapsed = collapsedSpanIds;
  if (pieces.timeRange !== null) state.range = pieces.timeRange;
  if (pieces.query !== '') state.query = pieces.query;
  if (arrangement.matchesOnly) state.matchesOnly = true;
  if (pieces.columnNames) state.columns = pieces.columnNames;
  if (arrangement.focusSpanId !== null) state.focus = arrangement.focusSpanId;
  if (pieces.tab !== undefined) state.tab = pieces.tab;
  if (arrangement.groups) state.grouping = true;
  if (pieces.openGroups.size > 0) state.expandedGroups = keysOf(pieces.openGroups);
  if (arrangement.gaps) state.gaps = true;
  if (arrangement.withoutNoise) state.withoutNoise = true;
  if (pieces.showsCriticalPath) state.criticalPath = true;
  // A function cannot stand in a link.
  if (typeof pieces.colorBy === 'string' && pieces.colorBy !== 'auto') state.colorBy = pieces.colorBy;
  if (arrangement.compress) state.compress = true;
  if (pieces.timeDisplay === 'absolute') state.timeZone = pieces.timeZone ?? 'UTC';
  return state;
}

function arrangementOf(state: ViewState): RowArrangement {
  return {
    focusSpanId: state.focus ?? plainArrangement.focusSpanId,
    matchesOnly: state.matchesOnly ?? plainArrangement.matchesOnly,
    groups: state.grouping ?? plainArrangement.groups,
    gaps: state.gaps ?? plainArrangement.gaps,
    withoutNoise: state.withoutNoise ?? plainArrangement.withoutNoise,
    compress: state.compress ?? plainArrangement.compress,
  };
}

const groupsByKeys = new WeakMap<readonly string[], OpenGroups>();
const keysByGroups = new WeakMap<OpenGroups, readonly string[]>();

/** Rows are kept by the set that stands for them: it must come back from its list as the same set. */
function groupsOf(keys: readonly string[] | undefined): OpenGroups {
  if (!keys || keys.length === 0) return noOpenGroups;
  let groups = groupsByKeys.get(keys);
  if (!groups) {
    groups = new Set(keys);
    groupsByKeys.set(keys, groups);
    keysByGroups.set(groups, keys);
  }
  return groups;
}

function keysOf(groups: OpenGroups): readonly string[] {
  let keys = keysByGroups.get(groups);
  if (!keys) {
    keys = [...groups];
    keysByGroups.set(groups, keys);
    groupsByKeys.set(keys, groups);
  }
  return keys;
}
