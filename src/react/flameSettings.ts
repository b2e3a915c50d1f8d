import { useState } from 'react';
import type { FlameWeight } from '../layout/flameWeight.ts';
import type { NameRule } from '../layout/repeatedNames.ts';
import type { SpanColorBy } from './spanColors.ts';

/** How a flame graph shows its trace. */
export interface FlameSettings {
  /** Spans over time, or merged by name along their path. @default 'timeline' */
  form: 'timeline' | 'merged';
  /** What widths stand for in the merged form. @default 'time' */
  weight: FlameWeight;
  /** Siblings of the merged form, from the widest or by name. @default 'weight' */
  order: 'weight' | 'name';
  /** On top, as icicles hang, or at the bottom, as flames rise. @default 'top' */
  roots: 'top' | 'bottom';
  /** @default 'auto' */
  colorBy: SpanColorBy;
  /** In the merged form, repeated frames as one: `iteration_1` … `iteration_12`, or by a rule of names. @default false */
  collapseRepeated: boolean | NameRule;
  /** Beside the merged form, all names in a table. @default true */
  table: boolean;
  /** Marks what the trace's end waited for. @default false */
  criticalPath: boolean;
}

export interface FlameSettingsProps extends Partial<FlameSettings> {
  /** What the settings that are no props begin with. */
  defaultSettings?: Partial<FlameSettings>;
  /** Called with all settings when one is changed by hand. */
  onSettingsChange?: (settings: FlameSettings) => void;
}

const defaults: FlameSettings = {
  form: 'timeline',
  weight: 'time',
  order: 'weight',
  roots: 'top',
  colorBy: 'auto',
  collapseRepeated: false,
  table: true,
  criticalPath: false,
};

export type ChangeSettings = (change: Partial<FlameSettings>) => void;

/** Each setting is the owner's where it is a prop, else state of our own. */
export function useFlameSettings(props: FlameSettingsProps): [settings: FlameSettings, change: ChangeSettings] {
  const [own, setOwn] = useState<FlameSettings>(() => ({ ...defaults, ...props.defaultSettings }));
  const settings = { ...own };
  for (const name of Object.keys(defaults) as (keyof FlameSettings)[]) {
    if (props[name] !== undefined) Object.assign(settings, { [name]: props[name] });
  }
  const change = (changed: Partial<FlameSettings>) => {
    setOwn((before) => ({ ...before, ...changed }));
    props.onSettingsChange?.({ ...settings, ...changed });
  };
  return [settings, change];
}
