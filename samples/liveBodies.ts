import { large } from './large.ts';

type OtlpSpan = { endTimeUnixNano: string };
interface OtlpFile {
  resourceSpans: { resource: object; scopeSpans: { scope: object; spans: OtlpSpan[] }[] }[];
}

/** Every so many ms a body comes, as of an exporter that sends in batches. */
export const bodyEvery = 20;

/** Bodies as exporters send them: a span when it ends, so that parents come after their children. */
export function liveBodies(spans: number, perSecond: number): string[] {
  const file = large({ spans, seed: 11, format: 'otlp', shape: 'agent' }) as unknown as OtlpFile;
  const all = file.resourceSpans.flatMap((ofResource) =>
    ofResource.scopeSpans.flatMap((ofScope) => ofScope.spans.map((span) => ({ ofResource, ofScope, span }))),
  );
  const end = ({ span }: (typeof all)[number]) => BigInt(span.endTimeUnixNano);
  all.sort((a, b) => (end(a) < end(b) ? -1 : end(a) > end(b) ? 1 : 0));
  const perBody = Math.max(1, Math.round((perSecond * bodyEvery) / 1000));
  const bodies: string[] = [];
  for (let from = 0; from < all.length; from += perBody) {
    const resourceSpans = all.slice(from, from + perBody).map(({ ofResource, ofScope, span }) => ({
      resource: ofResource.resource,
      scopeSpans: [{ scope: ofScope.scope, spans: [span] }],
    }));
    bodies.push(JSON.stringify({ resourceSpans }));
  }
  return bodies;
}
