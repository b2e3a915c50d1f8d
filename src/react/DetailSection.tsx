'use client';

import { createContext, type ReactNode, useContext, useId } from 'react';
import { Icon } from './icons.tsx';
import { formatCount } from './spanFacts.ts';

/** 2 for `<h2>`. */
export type HeadingLevel = 2 | 3 | 4 | 5;

const HeadingLevelContext = createContext<HeadingLevel>(2);

export const HeadingLevelProvider = HeadingLevelContext.Provider;

export interface DetailSectionProps {
  title: string;
  /** How many there are of what it lists. */
  count?: number;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Beside the heading, while it is open. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of the details below a heading that folds it. What is folded is not in the document. */
export function DetailSection({ title, count, isOpen, onOpenChange, actions, children }: DetailSectionProps) {
  const contentId = useId();
  return (
    <section className="spanscope-detail-section">
      <div className="spanscope-detail-heading">
        <SubHeading>
          <button
            type="button"
            className="spanscope-fold"
            aria-expanded={isOpen}
            aria-controls={contentId}
            onClick={() => onOpenChange(!isOpen)}
          >
            <Icon name="chevron" />
            {title}
            {count !== undefined && <span className="spanscope-quiet">{formatCount(count)}</span>}
          </button>
        </SubHeading>
        {isOpen && actions}
      </div>
      <div id={contentId} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  );
}

/** A heading one level below the span's name. */
export function SubHeading({ children, className }: { children: ReactNode; className?: string }) {
  const Heading = `h${useContext(HeadingLevelContext) + 1}` as 'h3';
  return <Heading className={className ?? 'spanscope-subheading'}>{children}</Heading>;
}
