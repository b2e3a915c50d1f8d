'use client';

import { useMemo, useState } from 'react';
import type { MediaPart } from '../transforms/agentMessage.ts';
import { useDetails } from './DetailsContext.tsx';
import { Icon } from './icons.tsx';
import { type SafeMedia, safeMedia } from './mediaSafety.ts';
import { messages } from './messages.ts';
import { formatBytes } from './spanFacts.ts';
import { visibleText } from './visibleText.ts';

/** More than this is decoded only when somebody asks for it. */
const largestUnasked = 3_000_000;

/** An image or a sound out of the trace itself; of all else, what it is and where it lies. Nothing is loaded unasked. */
export function MediaView({ part }: { part: MediaPart }) {
  const { allowRemoteMedia } = useDetails();
  const media = useMemo(() => safeMedia(part), [part]);
  const [isAskedFor, setIsAskedFor] = useState(false);
  const [isBroken, setIsBroken] = useState(false);
  const texts = messages.agent;
  const name = visibleText(part.fileName || texts.modalities[part.modality]);
  if (media.kind === 'remote' && allowRemoteMedia && part.modality === 'image' && !isBroken) {
    return <Picture source={media.address} name={name} onBroken={() => setIsBroken(true)} />;
  }
  if (media.kind !== 'image' && media.kind !== 'audio') return <ToldMedia part={part} media={media} name={name} />;
  if (isBroken) return <ToldMedia part={part} media={media} name={texts.brokenMedia(name)} />;
  if (media.bytes > largestUnasked && !isAskedFor) {
    return (
      <span className="spanscope-media-told">
        <Icon name="image" />
        <button type="button" className="spanscope-quiet-button" onClick={() => setIsAskedFor(true)}>
          {texts.showMedia(name, formatBytes(media.bytes))}
        </button>
      </span>
    );
  }
  if (media.kind === 'image') return <Picture source={media.source} name={name} onBroken={() => setIsBroken(true)} />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: a trace has no captions
    <audio className="spanscope-media-audio" controls preload="none" src={media.source} aria-label={name} />
  );
}

function Picture({ source, name, onBroken }: { source: string; name: string; onBroken: () => void }) {
  return (
    <img
      className="spanscope-media-image"
      // Before the source: it is loaded as these say from the start.
      referrerPolicy="no-referrer"
      loading="lazy"
      decoding="async"
      src={source}
      alt={name}
      title={name}
      onError={onBroken}
    />
  );
}

function ToldMedia({ part, media, name }: { part: MediaPart; media: SafeMedia; name: string }) {
  const texts = messages.agent;
  const size = typeof part.data === 'string' ? Math.floor((part.data.length * 3) / 4) : part.data?.length;
  const facts = [
    part.mediaType && visibleText(part.mediaType.slice(0, 100)),
    size === undefined ? undefined : formatBytes(size),
    part.fileId && visibleText(part.fileId.slice(0, 200)),
  ].filter(Boolean);
  return (
    <span className="spanscope-media-told">
      <Icon name={part.modality === 'image' ? 'image' : 'file'} />
      <span dir="auto">
        {name}
        {facts.length > 0 && <span className="spanscope-aside"> {facts.join(' · ')}</span>}{' '}
        {media.kind === 'remote' ? (
          <a
            className="spanscope-link"
            href={media.address}
            target="_blank"
            rel="noopener noreferrer nofollow"
            title={media.address}
          >
            {shortAddress(media.address)}
          </a>
        ) : (
          part.url !== undefined && <span className="spanscope-aside">{visibleText(part.url.slice(0, 60))}</span>
        )}{' '}
        <span className="spanscope-aside">{media.kind === 'remote' ? texts.notLoaded : texts.notShown}</span>
      </span>
    </span>
  );
}

function shortAddress(address: string): string {
  return address.length > 60 ? `${address.slice(0, 58)}…` : address;
}
