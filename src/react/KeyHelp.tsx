import { type MouseEvent, useRef } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { messages } from './messages.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

/** Drawn, for not every font has them. */
const arrows: Readonly<Record<string, IconName>> = { '↑': 'up', '↓': 'down', '←': 'back', '→': 'forward' };

/** All keys of the viewer, in a dialog over it. Escape, the button or a click beside it closes. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  const texts = messages.keys;
  useIsomorphicLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    if (typeof dialog.showModal === 'function') dialog.showModal();
    else dialog.setAttribute('open', '');
  }, []);
  const onClick = (event: MouseEvent) => {
    if (event.target === ref.current) onClose();
  };
  return (
    <dialog
      ref={ref}
      className="spanscope-key-help"
      aria-label={texts.title}
      onClose={onClose}
      onClick={onClick}
      // Keys in here are not the rows', which it lies in.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="spanscope-key-help-content">
        <div className="spanscope-key-help-head">
          <h2>{texts.title}</h2>
          <button type="button" className="spanscope-icon-button" aria-label={texts.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <div className="spanscope-key-help-groups">
          {texts.groups.map(([group, keys]) => (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {keys.map(([does, ...each]) => (
                  <div key={does}>
                    <dt>{does}</dt>
                    <dd>
                      {each.map((key) => (
                        <kbd key={key}>{arrows[key] ? <Icon name={arrows[key]} /> : key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </dialog>
  );
}
