import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import type { Embedding, RetrievedDocument } from './agentSpan.ts';
import {
  at,
  decoded,
  firstText,
  firstValue,
  isList,
  isMap,
  known,
  nestedList,
  numberOf,
  own,
  textOf,
} from './agentValues.ts';

/** What a search found, in each library's shape: the first that holds anything. */
export function documentsOf(span: Span): readonly RetrievedDocument[] {
  const { attributes } = span;
  for (const list of lists(attributes, span)) {
    const documents = list.map(documentOf).filter((document) => document !== undefined);
    if (documents.length > 0) return documents;
  }
  return [];
}

function* lists(attributes: Attributes, span: Span): Generator<readonly AttributeValue[]> {
  yield nestedList(attributes, 'retrieval.documents').map(inner);
  yield nestedList(attributes, 'reranker.output_documents').map(inner);
  for (const key of ['gen_ai.retrieval.documents', 'db.query.retrieved_documents']) yield listIn(own(attributes, key));
  yield span.events.filter(({ name }) => name === 'db.query.result').map((event) => found(event.attributes));
  yield rankedDocuments(attributes);
  for (const key of ['outputs', 'mlflow.spanOutputs', 'langfuse.observation.output', 'output']) {
    const value = decoded(own(attributes, key));
    yield listIn(isList(value) ? value : at(value, 'documents'));
  }
}

/** `db.query.result.id`, or `id` alone. */
function found(attributes: Attributes): AttributeValue {
  const item: Record<string, AttributeValue> = {};
  for (const field of ['id', 'score', 'distance', 'metadata', 'document']) {
    const value = own(attributes, field) ?? own(attributes, `db.query.result.${field}`);
    if (value !== undefined) item[field] = value;
  }
  return item;
}

/** The AI SDK's reranking: `[{ originalIndex, relevanceScore }]` beside the documents. */
function rankedDocuments(attributes: Attributes): readonly AttributeValue[] {
  const documents = listIn(own(attributes, 'ai.documents'));
  return listIn(own(attributes, 'ai.ranking')).flatMap((item) => {
    const rank = decoded(item);
    const index = numberOf(at(rank, 'originalIndex') ?? at(rank, 'index'));
    const document = decoded(documents[index]);
    if (document === undefined) return [];
    const score = at(rank, 'relevanceScore') ?? at(rank, 'score') ?? null;
    return [{ content: typeof document === 'string' ? document : JSON.stringify(document), score }];
  });
}

/** What a reranker was given. */
export function documentsBefore(attributes: Attributes): readonly RetrievedDocument[] {
  const listed = nestedList(attributes, 'reranker.input_documents').map(inner);
  return (listed.length > 0 ? listed : listIn(own(attributes, 'ai.documents')))
    .map(documentOf)
    .filter((document) => document !== undefined);
}

function inner(item: AttributeValue): AttributeValue {
  return at(item, 'document') ?? item;
}

function listIn(value: AttributeValue | undefined): readonly AttributeValue[] {
  const list = decoded(value);
  return isList(list) ? list : [];
}

const contentKeys = ['content', 'page_content', 'pageContent', 'document.content', 'text', 'document', 'chunk'];
const idKeys = ['id', 'document.id', 'document_id', 'doc_id'];
const scoreKeys = ['score', 'document.score', 'relevance_score', 'similarity', 'distance'];

function documentOf(item: AttributeValue): RetrievedDocument | undefined {
  const document = decoded(item);
  if (typeof document === 'string') return { id: undefined, content: document, score: undefined, metadata: undefined };
  if (!isMap(document)) return undefined;
  // LangChain's serialised form.
  const fields = isMap(document.kwargs) ? document.kwargs : document;
  const content = textOf(firstValue(fields, contentKeys));
  const id = textOf(firstValue(fields, idKeys) ?? at(fields, 'metadata', 'id'));
  const score = known(numberOf(firstValue(fields, scoreKeys) ?? at(fields, 'metadata', 'score')));
  const metadata = decoded(firstValue(fields, ['metadata', 'document.metadata']));
  if (content === undefined && id === undefined && score === undefined) return undefined;
  return { id, content, score, metadata };
}

/** What a search looked for, what text was embedded. */
export function queryOf(attributes: Attributes): string | undefined {
  const stated = firstText(attributes, [
    ...[
      'gen_ai.retrieval.query.text',
      'reranker.query',
      'rag.query',
      'db.query.text.input',
      'gen_ai.memory.query.text',
    ],
    'memory.query',
  ]);
  if (stated !== undefined) return stated;
  for (const key of [
    'input.value',
    'langfuse.observation.input',
    'mlflow.spanInputs',
    'inputs',
    'traceloop.entity.input',
    'ai.value',
    'input',
  ]) {
    const value = decoded(own(attributes, key));
    const text =
      typeof value === 'string'
        ? value
        : textOf(firstIn(value, ['query', 'text', 'input', 'question', 'query_str', 'query_bundle']));
    if (text !== undefined) return text;
  }
  return undefined;
}

function firstIn(value: AttributeValue | undefined, keys: readonly string[]): AttributeValue | undefined {
  return isMap(value) ? firstValue(value, keys) : undefined;
}

export function embeddingsOf(attributes: Attributes): readonly Embedding[] {
  const listed = nestedList(attributes, 'embedding.embeddings').map((item) => {
    const embedding = at(item, 'embedding') ?? item;
    return { text: textOf(at(embedding, 'text')), dimensions: lengthOf(at(embedding, 'vector')) };
  });
  if (listed.length > 0) return listed;
  const values = listIn(own(attributes, 'ai.values') ?? wrap(own(attributes, 'ai.value')));
  const vectors = listIn(own(attributes, 'ai.embeddings') ?? wrap(own(attributes, 'ai.embedding')));
  const count = Math.max(values.length, vectors.length);
  const stated = known(numberOf(own(attributes, 'gen_ai.embeddings.dimension.count')));
  if (count === 0) return stated === undefined ? [] : [{ text: undefined, dimensions: stated }];
  return Array.from({ length: count }, (_, place) => ({
    text: textOf(decoded(values[place])),
    dimensions: lengthOf(vectors[place]) ?? stated,
  }));
}

function wrap(value: AttributeValue | undefined): AttributeValue | undefined {
  return value === undefined ? undefined : [value];
}

/** Of a vector, also of one written as Python's tuple; numbers are counted, not read. */
function lengthOf(vector: AttributeValue | undefined): number | undefined {
  const value = decoded(vector);
  if (isList(value)) return value.length;
  if (typeof value !== 'string' || !/^\s*\(/.test(value)) return undefined;
  let commas = 0;
  for (let index = 0; index < value.length; index++) if (value.charCodeAt(index) === 0x2c) commas++;
  return /,\s*\)\s*$/.test(value.slice(-10)) ? commas : commas + 1;
}
