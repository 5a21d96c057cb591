// Draws the app's icons from the same shapes as public/mark.svg: `node scripts/icons.mjs`. Edges are smoothed by
// counting sixteen points in each pixel.
import { mkdirSync, writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const PINE = [0x12, 0x33, 0x2f];
const PAPER = [0xf3, 0xe9, 0xdc];
const EMBER = [0xe6, 0x7c, 0x50];

/** In the mark's own units, 32 to a side: outer frame, seat, cup. */
const shapes = (maskable) => [
  { x: 0, y: 0, size: 32, radius: maskable ? 0 : 8, color: PINE },
  { x: 5.7, y: 5.7, size: 20.6, radius: 5.8, color: PAPER },
  { x: 8.3, y: 8.3, size: 15.4, radius: 3.2, color: PINE },
  { x: 12.6, y: 12.6, size: 6.8, radius: 2, color: EMBER },
];

function inside({ x, y, size, radius }, px, py) {
  const dx = Math.max(x + radius - px, px - (x + size - radius), 0);
  const dy = Math.max(y + radius - py, py - (y + size - radius), 0);
  return (
    px >= x && px <= x + size && py >= y && py <= y + size && dx * dx + dy * dy <= radius * radius + 1e-9
  );
}

/** A maskable icon keeps what matters in the middle four fifths. */
function draw(pixels, maskable) {
  const list = shapes(maskable);
  const scale = maskable ? 0.8 : 1;
  const rows = [];
  for (let row = 0; row < pixels; row++) {
    const line = Buffer.alloc(1 + pixels * 4);
    for (let column = 0; column < pixels; column++) {
      const sum = [0, 0, 0, 0];
      for (let point = 0; point < 16; point++) {
        const at = (place, part) => ((place + (part + 0.5) / 4) / pixels) * 32;
        const [px, py] = [at(column, point % 4), at(row, Math.floor(point / 4))];
        const [mx, my] = [(px - 16) / scale + 16, (py - 16) / scale + 16];
        const top = list.findLast((shape, index) =>
          index === 0 ? inside(shape, px, py) : inside(shape, mx, my),
        );
        if (!top) continue;
        for (let part = 0; part < 3; part++) sum[part] += top.color[part];
        sum[3] += 1;
      }
      const start = 1 + column * 4;
      for (let part = 0; part < 3; part++) line[start + part] = sum[3] ? Math.round(sum[part] / sum[3]) : 0;
      line[start + 3] = Math.round((sum[3] / 16) * 255);
    }
    rows.push(line);
  }
  return png(pixels, Buffer.concat(rows));
}

function png(pixels, raw) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const part = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), 4 + body.length);
    return out;
  };
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    start,
    part("IHDR", head),
    part("IDAT", deflateSync(raw, { level: 9 })),
    part("IEND", Buffer.alloc(0)),
  ]);
}

const folder = new URL("../public/icons/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, pixels, maskable] of [
  ["180.png", 180, true],
  ["192.png", 192, false],
  ["512.png", 512, false],
  ["maskable-512.png", 512, true],
]) {
  writeFileSync(new URL(name, folder), draw(pixels, maskable));
}
