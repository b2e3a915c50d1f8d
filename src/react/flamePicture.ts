import { timeTicks } from '../layout/timeTicks.ts';
import { type FlameFrame, FlamePainter } from './flameGraphPainter.ts';
import { flameSvg } from './flameGraphSvg.ts';
import { fileName, saveFile } from './saveFile.ts';

export interface PictureOptions {
  format: 'png' | 'svg';
  title: string;
  /** Whether widths are time. */
  withAxis: boolean;
}

/** All in CSS pixels. */
const pictureMargin = 16;
const titleHeight = 30;
const axisHeight = 24;
const longestTitle = 200;

/** What stands on a picture around the graph. */
export interface PictureFrame {
  title: string;
  ticks: readonly { x: number; label: string }[];
  /** From the picture's top, in CSS pixels. */
  graphTop: number;
  width: number;
  height: number;
}

/** Saves what a flame graph shows now as a file: with its theme's colours, its title and, over time, its axis. */
export async function saveFlamePicture(frame: FlameFrame, options: PictureOptions): Promise<void> {
  const picture = pictureFrame(frame, options);
  const blob =
    options.format === 'svg'
      ? new Blob([flameSvg(frame, picture)], { type: 'image/svg+xml' })
      : await flamePng(frame, picture);
  if (blob) saveFile(blob, `${fileName(options.title)}.${options.format}`);
}

function pictureFrame(frame: FlameFrame, { title, withAxis }: PictureOptions): PictureFrame {
  const { ratio, scale } = frame;
  const width = frame.width / ratio;
  const ticks = withAxis
    ? timeTicks(scale.range, { width }).map(({ time, label }) => ({ x: scale.toUnit(time) * width, label }))
    : [];
  const graphTop = pictureMargin + titleHeight + (withAxis ? axisHeight : 0);
  return {
    title: title.length > longestTitle ? `${title.slice(0, longestTitle)}…` : title,
    ticks,
    graphTop,
    width: width + 2 * pictureMargin,
    height: graphTop + frame.height / ratio + pictureMargin,
  };
}

/** The same painter as on screen, without hover and focus, on a canvas with a ground, a title and an axis. */
export async function flamePng(frame: FlameFrame, picture: PictureFrame): Promise<Blob | null> {
  const document = globalThis.document;
  const { ratio, theme } = frame;
  const graph = document.createElement('canvas');
  graph.width = frame.width;
  graph.height = frame.height;
  const graphContext = graph.getContext('2d');
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * ratio);
  canvas.height = Math.round(picture.height * ratio);
  const context = canvas.getContext('2d');
  if (!context || !graphContext) return null;
  new FlamePainter().draw(graphContext, { ...frame, hovered: -1, focused: -1, pointerTime: undefined });

  context.fillStyle = theme.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  context.fillStyle = theme.text;
  context.textBaseline = 'middle';
  context.font = `600 15px ${theme.fontFamily}`;
  context.fillText(
    picture.title,
    pictureMargin,
    pictureMargin + titleHeight / 2 - 4,
    picture.width - 2 * pictureMargin,
  );
  context.font = `11px ${theme.fontFamily}`;
  const bottom = picture.height - pictureMargin;
  for (const { x, label } of picture.ticks) {
    const left = pictureMargin + x;
    context.fillStyle = theme.crosshair;
    context.globalAlpha = 0.25;
    context.fillRect(Math.round(left), picture.graphTop - axisHeight, 1, bottom - picture.graphTop + axisHeight);
    context.globalAlpha = 1;
    // A label at the end would be cut.
    const isAtEnd = left + context.measureText(label).width + 4 > picture.width;
    context.textAlign = isAtEnd ? 'right' : 'left';
    context.fillText(label, isAtEnd ? left - 4 : left + 4, picture.graphTop - axisHeight / 2);
    context.textAlign = 'left';
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(graph, Math.round(pictureMargin * ratio), Math.round(picture.graphTop * ratio));
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
