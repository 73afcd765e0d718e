/**
 * Draws points as pixels: where many lie on one another the colour is their mean and the cover says how many, so that a
 * million points stay readable, and look the same with and without a graphics card.
 */
import type { Frame, ScatterView } from './view.ts';

export type Rgb = readonly [number, number, number];

export interface Points {
  /** Rows × 2. */
  readonly places: Uint16Array;
  /** Of each row, its place in the palette; beyond its end for none. */
  readonly colours: Uint16Array;
  readonly palette: readonly Rgb[];
  /** Of rows without a colour, and of all that are not chosen. */
  readonly muted: Rgb;
  /** 1 for each row that is chosen; null where nothing is. */
  readonly chosen: Uint8Array | null;
}

const MOST_COUNTED = 255;

/** Radius in pixels and cover of one point, by how many there are. */
function looks(rows: number, ratio: number): { readonly radius: number; readonly cover: number } {
  if (rows > 200_000) return { radius: 0, cover: 0.3 };
  if (rows > 20_000) return { radius: 0.8 * ratio, cover: 0.45 };
  if (rows > 2000) return { radius: 1.6 * ratio, cover: 0.65 };
  return { radius: 3 * ratio, cover: 0.85 };
}

class Layer {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly counts: Uint32Array;

  constructor(pixels: number) {
    this.red = new Float32Array(pixels);
    this.green = new Float32Array(pixels);
    this.blue = new Float32Array(pixels);
    this.counts = new Uint32Array(pixels);
  }

  clear(): void {
    for (const values of [this.red, this.green, this.blue, this.counts]) values.fill(0);
  }

  add(pixel: number, [red, green, blue]: Rgb): void {
    this.red[pixel] = (this.red[pixel] as number) + red;
    this.green[pixel] = (this.green[pixel] as number) + green;
    this.blue[pixel] = (this.blue[pixel] as number) + blue;
    this.counts[pixel] = (this.counts[pixel] as number) + 1;
  }
}

export class PointPainter {
  #pixels = 0;
  #below = new Layer(0);
  #above = new Layer(0);

  /** RGBA of a frame of device pixels, width × height; `ratio` are device pixels for one of the view's. */
  paint(points: Points, view: ScatterView, frame: Frame, ratio: number): Uint8ClampedArray<ArrayBuffer> {
    const { places, colours, palette, muted, chosen } = points;
    const width = Math.round(frame.width * ratio);
    const height = Math.round(frame.height * ratio);
    this.#size(width * height);
    const { radius, cover } = looks(places.length / 2, ratio);
    const shape = disc(radius);
    const scale = view.scale * ratio;
    const left = width / 2 - view.x * scale;
    const top = height / 2 - view.y * scale;
    for (let row = 0; row < colours.length; row++) {
      const x = Math.floor((places[2 * row] as number) * scale + left);
      const y = Math.floor((places[2 * row + 1] as number) * scale + top);
      if (x < -8 || y < -8 || x > width + 8 || y > height + 8) continue;
      const isOut = chosen !== null && chosen[row] === 0;
      const layer = isOut ? this.#below : this.#above;
      const colour = isOut ? muted : (palette[colours[row] as number] ?? muted);
      for (let at = 0; at < shape.length; at += 2) {
        const px = x + (shape[at] as number);
        const py = y + (shape[at + 1] as number);
        if (px >= 0 && py >= 0 && px < width && py < height) layer.add(py * width + px, colour);
      }
    }
    return this.#mix(width * height, cover);
  }

  #size(pixels: number): void {
    if (pixels !== this.#pixels) {
      this.#pixels = pixels;
      this.#below = new Layer(pixels);
      this.#above = new Layer(pixels);
    }
    this.#below.clear();
    this.#above.clear();
  }

  #mix(pixels: number, cover: number): Uint8ClampedArray<ArrayBuffer> {
    const out = new Uint8ClampedArray(4 * pixels);
    const opacity = Float64Array.from(
      { length: MOST_COUNTED + 1 },
      (_, count) => 255 * (1 - (1 - cover) ** count),
    );
    for (let pixel = 0; pixel < pixels; pixel++) {
      const isAbove = (this.#above.counts[pixel] as number) > 0;
      const layer = isAbove ? this.#above : this.#below;
      const count = layer.counts[pixel] as number;
      if (count === 0) continue;
      out[4 * pixel] = (layer.red[pixel] as number) / count;
      out[4 * pixel + 1] = (layer.green[pixel] as number) / count;
      out[4 * pixel + 2] = (layer.blue[pixel] as number) / count;
      out[4 * pixel + 3] = opacity[Math.min(MOST_COUNTED, count)] as number;
    }
    return out;
  }
}

/** Offsets of the pixels of a disc, [x, y] in turn. */
function disc(radius: number): Int8Array {
  const reach = Math.floor(radius);
  const offsets: number[] = [];
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) if (x * x + y * y <= radius * radius) offsets.push(x, y);
  return Int8Array.from(offsets);
}
