// Paints lanes and memory into an image, pixel by pixel: a frame costs what it has of pixels, however many operations they show.

import { firstAbove } from './timeline-data.js';
import { MostHeld, ShadeSums } from './timeline-levels.js';

/** Device pixels that operations have on average, from which each is a box of its own. */
const leastBox = 2;
const leastWithSeam = 5;

/** Device pixels of a column that shows operations too narrow for boxes. */
const columnWidth = 3;

/** The part of a row, at its foot, that tells what idle time is for. */
const foot = 0.3;

export class Painter {
    constructor() {
        this.sums = new Map();
        this.held = new Map();
    }

    /** Begins a frame of so many device pixels. */
    begin(context, width, height, background) {
        if (this.image?.width !== width || this.image?.height !== height) {
            this.image = context.createImageData(width, height);
            this.pixels = new Uint32Array(this.image.data.buffer);
            this.upper = new Uint32Array(width);
            this.lower = new Uint32Array(width);
            this.lowest = new Uint32Array(width);
        }
        Object.assign(this, { width, height });
        this.pixels.fill(background);
    }

    /** States the times of the left and the right edge. */
    span(from, to) {
        Object.assign(this, { from, to, scale: this.width / (to - from) });
    }

    at(time) {
        return Math.round((time - this.from) * this.scale);
    }

    column(x, colour) {
        if (x < 0 || x >= this.width) return;
        for (let y = 0; y < this.height; y++) this.pixels[y * this.width + x] = colour;
    }

    /** Whether each operation of a lane is a box of its own at this zoom. */
    hasBoxes(schedule, lane) {
        lane.mean ??= meanOf(schedule, lane);
        return lane.mean * this.scale >= leastBox;
    }

    lane(schedule, lane, top, bottom, colours, idle) {
        if (this.hasBoxes(schedule, lane)) this.boxes(schedule, lane, top, bottom, colours, idle);
        else this.columns(schedule, lane, top, bottom, colours, idle);
    }

    boxes(schedule, lane, top, bottom, colours, idle) {
        const { from, to, shade } = lane.stretches;
        const { upper, lower, lowest, width } = this;
        for (const line of [upper, lower, lowest]) line.fill(idle);
        for (let index = firstAbove(to, this.from); index < from.length && from[index] < this.to; index++) {
            if (to[index] === from[index]) continue;
            const left = Math.max(0, this.at(from[index]));
            const colour = colours[shade[index]];
            if (shade[index] >= schedule.shadeCount) {
                lowest.fill(colour, left, this.at(to[index]));
                continue;
            }
            const right = this.rightOf(left, this.at(to[index]));
            const half = schedule.half[Math.floor(shade[index] / schedule.told.chunks)];
            if (half !== 2) upper.fill(colour, left, right);
            if (half === 1) continue;
            lower.fill(colour, left, right);
            lowest.fill(colour, left, right);
        }
        const middle = (top + bottom) >> 1;
        const low = bottom - Math.max(1, Math.round((bottom - top) * foot));
        for (let y = Math.max(0, top); y < Math.min(bottom, this.height); y++) this.pixels.set(y < middle ? upper : y < low ? lower : lowest, y * width);
    }

    /** The pixel that a box ends before: a seam tells it from the next where it is wide. */
    rightOf(left, right) {
        const end = Math.max(left + 1, right);
        return Math.min(this.width, end - left >= leastWithSeam ? end - 1 : end);
    }

    /**
     * Each column shows the shades of its time on top of each other, each as high as its part. Columns stand at fixed times, so that they keep their looks
     * while the picture moves.
     */
    columns(schedule, lane, top, bottom, colours, idle) {
        if (!this.sums.has(lane)) this.sums.set(lane, new ShadeSums(schedule, lane));
        const sums = this.sums.get(lane);
        const { shades } = sums;
        const { pixels, width } = this;
        const long = columnWidth / this.scale;
        const [low, high, tall] = [Math.max(0, top), Math.min(bottom, this.height), (bottom - top) / long];
        for (let y = low; y < high; y++) pixels.fill(idle, y * width, (y + 1) * width);
        for (let column = Math.floor(this.from / long); column * long < this.to; column++) {
            const parts = sums.between(column * long, (column + 1) * long);
            const left = Math.max(0, this.at(column * long));
            const right = Math.min(width, this.at((column + 1) * long));
            let y = top;
            let part = 0;
            for (let slot = 0; slot < shades.length; slot++) {
                if (parts[slot] === 0) continue;
                part += parts[slot];
                const end = Math.min(bottom, top + Math.round(part * tall));
                const colour = colours[shades[slot]];
                const last = Math.min(end, high) * width;
                for (let line = Math.max(y, low) * width; line < last; line += width) {
                    for (let pixel = line + left; pixel < line + right; pixel++) pixels[pixel] = colour;
                }
                y = end;
            }
        }
    }

    /** One operation over what is painted of its lane, wide enough to be seen. */
    operation(schedule, operation, top, bottom, colour) {
        const left = this.at(schedule.start[operation]);
        const right = this.rightOf(left, Math.max(left + 2, this.at(schedule.end[operation])));
        if (right <= 0 || left >= this.width) return;
        const half = schedule.half[schedule.kind[operation]];
        const middle = (top + bottom) >> 1;
        for (let y = Math.max(0, half === 2 ? middle : top); y < Math.min(half === 1 ? middle : bottom, this.height); y++)
            this.pixels.fill(colour, y * this.width + Math.max(0, left), y * this.width + right);
    }

    /** What a device holds: the most within each pixel's time. */
    memory(lane, top, bottom, most, colour) {
        if (!this.held.has(lane)) this.held.set(lane, new MostHeld(lane.memory));
        const held = this.held.get(lane);
        const { pixels, width } = this;
        const low = Math.max(0, top);
        for (let x = 0; x < width; x++) {
            const begin = this.from + x / this.scale;
            const height = Math.round(held.between(begin, begin + 1 / this.scale) / most * (bottom - top));
            for (let y = Math.min(bottom, this.height) - 1; y >= low && y >= bottom - height; y--) pixels[y * width + x] = colour;
        }
    }

    end(context, left, top) {
        context.putImageData(this.image, left, top);
    }
}

function meanOf(schedule, lane) {
    let busy = 0;
    for (let index = lane.first; index < lane.first + lane.count; index++) busy += schedule.end[index] - schedule.start[index];
    return lane.count === 0 ? 0 : busy / lane.count;
}
