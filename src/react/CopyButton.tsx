'use client';

import { useEffect, useRef, useState } from 'react';
import { useAnnounce } from './Announcements.tsx';
import { classes } from './classes.ts';
import { copyText } from './clipboard.ts';
import { Icon, type IconName } from './icons.tsx';
import { messages } from './messages.ts';

export interface CopyButtonProps {
  /** A function where the text is costly to make. */
  text: string | (() => string);
  label: string;
  /** @default 'copy' */
  icon?: IconName;
  className?: string;
  tabIndex?: number;
}

const saidFor = 1600;

/** Copies a text and says so, to the eye beside the button and to assistive technology; also when it failed. */
export function CopyButton({ text, label, icon = 'copy', className, tabIndex }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const button = useRef<HTMLButtonElement>(null);
  const announce = useAnnounce();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), outcome === 'copied' ? saidFor : saidFor * 3);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const copied = await copyText(typeof text === 'function' ? text() : text, button.current!);
    setOutcome(copied ? 'copied' : 'failed');
    announce(copied ? messages.details.copied : messages.details.copyFailed);
  };
  return (
    <button
      ref={button}
      type="button"
      className={classes('spanscope-icon-button spanscope-copy', className)}
      aria-label={label}
      title={outcome ? undefined : label}
      data-outcome={outcome}
      tabIndex={tabIndex}
      onClick={copy}
    >
      <Icon name={outcome === 'copied' ? 'ok' : outcome === 'failed' ? 'warning' : icon} />
      {outcome && (
        <span className="spanscope-copy-outcome" aria-hidden="true">
          {outcome === 'copied' ? messages.details.copied : messages.details.copyFailed}
        </span>
      )}
    </button>
  );
}
