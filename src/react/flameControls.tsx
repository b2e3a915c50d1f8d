import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { FlameWeight } from '../layout/flameWeight.ts';
import type { ChangeSettings, FlameSettings } from './flameSettings.ts';
import type { FlameView } from './flameView.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { type SpanColorBy, spanColorNames } from './spanColors.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

export interface FlameControlsProps {
  settings: FlameSettings;
  onChange: ChangeSettings;
  view: FlameView;
  onSave: (format: 'png' | 'svg') => void;
}

type NamedWeight = Exclude<FlameWeight, (...args: never[]) => unknown>;
const timeAndCount: readonly NamedWeight[] = ['time', 'self-time', 'count'];
const usageWeights: readonly NamedWeight[] = ['tokens', 'input-tokens', 'output-tokens', 'cost'];
const colorBys = spanColorNames;

/** One line: which form, what widths stand for, where one is; all else behind a button. */
export function FlameControls({ settings, onChange, view, onSave }: FlameControlsProps) {
  const texts = messages.flameGraph.controls;
  const isMerged = settings.form === 'merged';
  return (
    <div className="spanscope-flame-controls" role="group" aria-label={texts.label}>
      <FormSwitch form={settings.form} onChange={(form) => onChange({ form })} />
      {isMerged && <WeightSelect weight={settings.weight} onChange={(weight) => onChange({ weight })} />}
      <FlameBreadcrumb view={view} />
      <OptionsMenu settings={settings} onChange={onChange} onSave={onSave} />
    </div>
  );
}

function FormSwitch({
  form,
  onChange,
}: {
  form: FlameSettings['form'];
  onChange: (form: FlameSettings['form']) => void;
}) {
  const name = useId();
  const texts = messages.flameGraph.controls;
  return (
    <fieldset className="spanscope-view-switch">
      <legend className="spanscope-visually-hidden">{texts.form}</legend>
      {(['timeline', 'merged'] as const).map((each) => (
        <label key={each} className="spanscope-view-choice" data-checked={each === form || undefined}>
          <input
            type="radio"
            className="spanscope-visually-hidden"
            name={name}
            value={each}
            checked={each === form}
            onChange={() => onChange(each)}
          />
          <span>{texts.forms[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function WeightSelect({ weight, onChange }: { weight: FlameWeight; onChange: (weight: FlameWeight) => void }) {
  const { facts } = useTraceViewContext();
  const texts = messages.flameGraph.controls;
  const isOwn = typeof weight === 'function';
  const weights =
    facts?.usageAtHand || facts?.isUsageUnread || usageWeights.includes(weight as NamedWeight)
      ? [...timeAndCount, ...usageWeights]
      : timeAndCount;
  return (
    <select
      className="spanscope-flame-select"
      aria-label={texts.weight}
      title={texts.weight}
      value={isOwn ? 'own' : weight}
      onChange={(event) => event.target.value !== 'own' && onChange(event.target.value as NamedWeight)}
    >
      {isOwn && <option value="own">{texts.ownWeight}</option>}
      {weights.map((each) => (
        <option key={each} value={each}>
          {texts.weights[each]}
        </option>
      ))}
    </select>
  );
}

/** Where the window is in the tree, and the way back. */
function FlameBreadcrumb({ view }: { view: FlameView }) {
  const texts = messages.flameGraph.controls;
  const { path, viewport } = view;
  const listRef = useRef<HTMLOListElement>(null);
  const last = path.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of a longer path comes into sight.
  useEffect(() => {
    const list = listRef.current;
    if (list) list.scrollLeft = list.scrollWidth;
  }, [last]);
  if (!viewport.isZoomed) return <div className="spanscope-flame-breadcrumb" />;
  const shown = path.length > longestPath ? [...path.slice(0, 1), ...path.slice(1 - longestPath)] : path;
  return (
    <nav className="spanscope-flame-breadcrumb" aria-label={texts.path}>
      <ol ref={listRef} tabIndex={-1}>
        <li>
          <button type="button" onClick={(event) => view.fit(-1, { reason: 'click', event: event.nativeEvent })}>
            <Icon name="back" />
            {texts.all}
          </button>
        </li>
        {shown.map((block, at) => (
          <li key={block} data-cut={(at === 1 && shown !== path) || undefined}>
            <button
              type="button"
              dir="auto"
              aria-current={block === last ? 'true' : undefined}
              title={shortened(view.name(block), 200)}
              onClick={(event) => view.fit(block, { reason: 'click', event: event.nativeEvent })}
            >
              {shortened(view.name(block), 40)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Of a path a hundred levels deep its root and its end say where one is. */
const longestPath = 12;

function shortened(name: string, longest: number): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}

function OptionsMenu({ settings, onChange, onSave }: Omit<FlameControlsProps, 'view'>) {
  const texts = messages.flameGraph.controls;
  const isMerged = settings.form === 'merged';
  const { colorBy } = settings;
  const chosen = colorBys.find((name) => name === colorBy) ?? 'own';
  return (
    <Menu label={texts.options}>
      <Choice
        label={texts.colorBy}
        value={chosen}
        values={chosen === 'own' ? (['own', ...colorBys] as const) : colorBys}
        names={texts.colors}
        onChange={(value) => value !== 'own' && onChange({ colorBy: value as SpanColorBy })}
      />
      <Choice
        label={texts.roots}
        value={settings.roots}
        values={['top', 'bottom'] as const}
        names={texts.rootsAt}
        onChange={(roots) => onChange({ roots })}
      />
      {isMerged && (
        <>
          <Choice
            label={texts.order}
            value={settings.order}
            values={['weight', 'name'] as const}
            names={texts.orders}
            onChange={(order) => onChange({ order })}
          />
          <Toggle
            label={texts.collapseRepeated}
            isOn={settings.collapseRepeated !== false}
            onChange={(collapseRepeated) => onChange({ collapseRepeated })}
          />
          <Toggle label={texts.table} isOn={settings.table} onChange={(table) => onChange({ table })} />
        </>
      )}
      <Toggle
        label={texts.criticalPath}
        isOn={settings.criticalPath}
        onChange={(criticalPath) => onChange({ criticalPath })}
      />
      <div className="spanscope-flame-save">
        {(['png', 'svg'] as const).map((format) => (
          <button key={format} type="button" className="spanscope-text-button" onClick={() => onSave(format)}>
            <Icon name="save" />
            {texts.save[format]}
          </button>
        ))}
      </div>
    </Menu>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  values: readonly Value[];
  names: Readonly<Record<Value, string>>;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, values, names, onChange }: ChoiceProps<Value>) {
  return (
    <label className="spanscope-flame-option">
      <span>{label}</span>
      <select
        className="spanscope-flame-select"
        value={value}
        onChange={(event) => onChange(event.target.value as Value)}
      >
        {values.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Toggle({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className="spanscope-flame-option">
      <span>{label}</span>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
    </label>
  );
}

/** A button and what it opens, in the top layer where the browser has one. It closes by a click elsewhere and by Escape. */
function Menu({ label, children }: { label: string; children: ReactNode }) {
  const buttonRef = useRef<HTMLButtonElement>(null);
  const menuRef = useRef<HTMLDivElement>(null);
  const menuId = useId();
  useEffect(() => {
    const button = buttonRef.current;
    const menu = menuRef.current;
    if (!button || !menu) return;
    const listening = new AbortController();
    const { signal } = listening;
    // By the attribute, so that the press on the button is not also one beside the menu, which would open it again.
    button.setAttribute('popovertarget', menuId);
    const onToggle = (event: Event) => {
      const isOpen = (event as ToggleEvent).newState === 'open';
      button.setAttribute('aria-expanded', String(isOpen));
      if (isOpen) placeBelow(menu, button);
    };
    menu.addEventListener('toggle', onToggle, { signal });
    addEventListener('resize', () => menu.matches(':popover-open') && menu.hidePopover(), { signal });
    return () => listening.abort();
  }, [menuId]);
  return (
    <>
      <button
        ref={buttonRef}
        type="button"
        className="spanscope-icon-button spanscope-flame-menu-button"
        aria-label={label}
        aria-expanded={false}
        aria-controls={menuId}
        title={label}
      >
        <Icon name="options" />
      </button>
      <div ref={menuRef} id={menuId} className="spanscope-flame-menu" popover="auto" role="group" aria-label={label}>
        {children}
      </div>
    </>
  );
}

function placeBelow(menu: HTMLElement, button: HTMLElement): void {
  const { bottom, right, left } = button.getBoundingClientRect();
  const { clientWidth, clientHeight } = menu.ownerDocument.documentElement;
  const { width, height } = menu.getBoundingClientRect();
  const isRtl = getComputedStyle(button).direction === 'rtl';
  const x = isRtl ? left : right - width;
  menu.style.left = `${Math.max(6, Math.min(x, clientWidth - width - 6))}px`;
  menu.style.top = `${Math.max(6, Math.min(bottom + 4, clientHeight - height - 6))}px`;
}
