// Draws timelines below each other on one time axis. Boxes and memory are painted pixel by pixel; names, labels and lines are drawn over them.

import { firstAbove } from './timeline-data.js';
import { Painter } from './timeline-paint.js';
import { Palette } from './timeline-palette.js';
import { axisHeight, gutterOf, layOut, marksOf } from './timeline-rows.js';
import { number, time, turnOf } from './timeline-words.js';

const markDistance = 90;
const labelSize = 10;
const characterWidth = 0.64 * labelSize;
const labelPadding = 3;
const leastLabelHeight = 12;

/** Pixels that a name may stand out above its row into the axis. */
const namesAbove = 5;
const fonts = 'Inter, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif';

export class Picture {
    constructor(canvas, schedules) {
        Object.assign(this, { canvas, schedules });
        this.context = canvas.getContext('2d', { alpha: false });
        this.palette = new Palette(canvas);
        this.painter = new Painter();
        this.most = Math.max(...schedules.flatMap(schedule => schedule.lanes.map(lane => Math.max(lane.memory?.peak ?? 0, lane.limit ?? 0))), Number.MIN_VALUE);
    }

    /** Lays the rows out so that all fit a height where that leaves them readable; the height in CSS pixels that they take. */
    layOut(most, showsMemory) {
        this.layout = layOut(this.schedules, most - axisHeight, showsMemory);
        return axisHeight + this.layout.height;
    }

    /** States the size of the canvas in CSS pixels. */
    resize(width, height, ratio) {
        Object.assign(this, { width, height, ratio });
        [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
        this.canvas.style.height = `${height}px`;
        this.gutter = Math.round(gutterOf(this.schedules, width) * ratio) / ratio;
    }

    get plotWidth() {
        return Math.max(1, this.width - this.gutter);
    }

    timeAt(view, x) {
        return view.from + (x - this.gutter) / this.plotWidth * (view.to - view.from);
    }

    xOf(view, at) {
        return this.gutter + (at - view.from) / (view.to - view.from) * this.plotWidth;
    }

    /** The row at a pixel of the canvas. */
    rowAt(view, y) {
        const inside = y - axisHeight + view.scroll;
        return y < axisHeight ? null : this.layout.rows.find(row => inside >= row.top && inside < row.top + row.height) ?? null;
    }

    /** The stretch of time of a lane that is drawn at a pixel; null beyond all. */
    stretchAt(view, row, x, y) {
        const { from, to, operation, shade } = row.lane.stretches;
        const at = this.timeAt(view, x);
        const stretch = firstAbove(to, at);
        if (stretch >= from.length || from[stretch] > at) return null;
        const half = shade[stretch] < row.schedule.shadeCount ? row.schedule.half[row.schedule.kind[operation[stretch]]] : 0;
        const isLower = y - axisHeight + view.scroll >= row.top + row.height / 2;
        return half === 1 && isLower ? stretch + 1 : stretch;
    }

    topOf(view, row) {
        return axisHeight + row.top - view.scroll;
    }

    rowOf(schedule, operation) {
        return this.layout.rows.find(row => row.type === 'lane' && row.schedule === schedule && row.lane.index === schedule.lane[operation]);
    }

    /**
     * Draws a frame.
     * @param view from, to, scroll, idle, critical, ways (by schedule, of a microbatch), selected and hovered (schedule, operation).
     */
    draw(view) {
        this.palette.read(this.schedules, view.idle);
        this.visible = this.layout.rows.filter(row => row.top + row.height > view.scroll && row.top < view.scroll + this.height - axisHeight);
        this.paint(view);
        const { context, ratio } = this;
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.fillStyle = this.palette.css.background;
        context.fillRect(0, 0, this.width, axisHeight);
        context.fillRect(0, 0, this.gutter, this.height);
        this.drawAxis(view);
        this.drawNames(view);
        context.save();
        context.beginPath();
        context.rect(this.gutter, axisHeight, this.plotWidth, this.height - axisHeight);
        context.clip();
        this.drawMemory(view);
        this.drawLabels(view);
        this.drawSums(view);
        for (const schedule of this.schedules) this.drawWays(view, schedule);
        this.drawReason(view);
        this.outline(view, view.hovered, this.palette.css.ink, 1);
        this.outline(view, view.selected, this.palette.css.accent, 2.5);
        context.restore();
    }

    /** The operations that are shown in full where others are dimmed; null when all are. */
    litOf(view, schedule) {
        return view.ways?.get(schedule).operations ?? (view.critical ? schedule.critical : null);
    }

    paint(view) {
        const { painter, palette, ratio } = this;
        const left = Math.round(this.gutter * ratio);
        const top = Math.round(axisHeight * ratio);
        painter.begin(this.context, this.canvas.width - left, this.canvas.height - top, palette.pixel.background);
        painter.span(view.from, view.to);
        for (const mark of marksOf(view.from, view.to, this.plotWidth, markDistance)) painter.column(painter.at(mark), palette.pixel.grid);
        const edge = y => Math.round((y - view.scroll) * ratio);
        for (const row of this.visible) {
            const { schedule, lane } = row;
            if (row.type === 'memory') painter.memory(lane, edge(row.top), edge(row.top + row.height), this.most, palette.pixel.held);
            if (row.type !== 'lane') continue;
            const shades = palette.of.get(schedule);
            painter.lane(schedule, lane, edge(row.top), edge(row.top + row.height), this.litOf(view, schedule) ? shades.dim : shades.full, palette.pixel.idle);
        }
        this.paintLit(view, edge);
        painter.end(this.context, left, top);
    }

    paintLit(view, edge) {
        for (const schedule of this.schedules) {
            const lit = this.litOf(view, schedule);
            if (!lit) continue;
            const colours = this.palette.of.get(schedule).full;
            const rows = new Map(this.visible.filter(row => row.type === 'lane' && row.schedule === schedule).map(row => [row.lane.index, row]));
            for (const operation of lit) {
                const row = rows.get(schedule.lane[operation]);
                if (row) this.painter.operation(schedule, operation, edge(row.top), edge(row.top + row.height), colours[schedule.shade[operation]]);
            }
        }
    }

    drawAxis(view) {
        const { context, palette } = this;
        context.font = `11px ${fonts}`;
        context.fillStyle = palette.css.faint;
        context.textBaseline = 'alphabetic';
        context.textAlign = 'center';
        for (const mark of marksOf(view.from, view.to, this.plotWidth, markDistance)) {
            const x = this.xOf(view, mark);
            if (x >= this.gutter && x < this.width - 12) context.fillText(number(mark), x, axisHeight - 9);
        }
        context.textAlign = 'left';
        context.fillText(this.schedules[0].unit, 8, axisHeight - 9);
    }

    drawNames(view) {
        const { context, palette, schedules } = this;
        context.save();
        context.beginPath();
        context.rect(0, axisHeight - namesAbove, this.width, this.height);
        context.clip();
        context.textBaseline = 'middle';
        let last = -Infinity;
        for (const row of this.visible) {
            const middle = this.topOf(view, row) + row.height / 2;
            if (row.type === 'title') {
                context.font = `600 13px ${fonts}`;
                context.textAlign = 'left';
                context.fillStyle = palette.css.ink;
                context.fillText(`${row.schedule.label} · ${row.schedule.told.objective} ${time(schedules[0], row.schedule.objective)}`, 8, middle + 1);
            } else if (row.type === 'memory') {
                if (row.height < 16) continue;
                context.font = `9px ${fonts}`;
                context.textAlign = 'right';
                context.fillStyle = palette.css.faint;
                context.fillText(`peak ${number(row.lane.memory.peak)}`, this.gutter - 8, middle);
            } else if (middle - last >= 11) {
                context.font = `11px ${fonts}`;
                context.textAlign = 'right';
                context.fillStyle = palette.css.ink;
                context.fillText(row.lane.name, this.gutter - 8, middle + 0.5);
                last = middle;
            }
        }
        context.restore();
    }

    drawMemory(view) {
        const { context, palette } = this;
        for (const row of this.visible) {
            if (row.type !== 'memory') continue;
            const bottom = this.topOf(view, row) + row.height;
            const yOf = amount => bottom - amount / this.most * row.height;
            if (row.lane.limit !== null) {
                context.strokeStyle = palette.css.limit;
                context.lineWidth = 1;
                context.setLineDash([4, 2]);
                context.beginPath();
                context.moveTo(this.gutter, Math.round(yOf(row.lane.limit)) + 0.5);
                context.lineTo(this.width, Math.round(yOf(row.lane.limit)) + 0.5);
                context.stroke();
                context.setLineDash([]);
            }
            context.fillStyle = palette.css.ink;
            context.beginPath();
            context.arc(this.xOf(view, row.lane.memory.peakAt), yOf(row.lane.memory.peak) + 1, 2.5, 0, 2 * Math.PI);
            context.fill();
        }
    }

    /** The microbatch of every operation that has room for it. */
    drawLabels(view) {
        const { context, painter } = this;
        context.font = `${labelSize}px ${fonts}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        const litOf = new Map(this.schedules.map(schedule => [schedule, this.litOf(view, schedule)]).map(([schedule, lit]) => [schedule, lit && new Set(lit)]));
        for (const row of this.visible) {
            if (row.type !== 'lane' || row.height < leastLabelHeight || !painter.hasBoxes(row.schedule, row.lane)) continue;
            const { schedule, lane } = row;
            const colours = this.palette.of.get(schedule).text;
            const lit = litOf.get(schedule);
            const { from, to, operation, shade } = lane.stretches;
            const pixels = this.plotWidth / (view.to - view.from);
            const top = this.topOf(view, row);
            for (let index = firstAbove(to, view.from); index < from.length && from[index] < view.to; index++) {
                const width = (to[index] - from[index]) * pixels;
                if (shade[index] >= schedule.shadeCount || width < characterWidth + labelPadding || (lit && !lit.has(operation[index]))) continue;
                const half = schedule.half[schedule.kind[operation[index]]];
                const height = half ? row.height / 2 : row.height;
                const label = turnOf(schedule, operation[index]);
                if (height < leastLabelHeight || width < label.length * characterWidth + labelPadding) continue;
                context.fillStyle = colours[shade[index]];
                context.fillText(label, this.xOf(view, (from[index] + to[index]) / 2), top + (half === 2 ? height : 0) + height / 2 + 0.5);
            }
        }
    }

    /** Where the gradients of a stage are summed over two pipes: a mark across the rows of the ranks that hold it. */
    drawSums(view) {
        this.context.fillStyle = this.palette.css.ink;
        for (const row of this.visible) {
            if (row.type !== 'lane' || !row.lane.isCompute) continue;
            for (const sum of row.schedule.sums) {
                if (sum.devices.includes(row.lane.device)) this.context.fillRect(this.xOf(view, sum.time) - 1, this.topOf(view, row) - 1, 2, row.height + 2);
            }
        }
    }

    /** The way of a microbatch from operation to operation. */
    drawWays(view, schedule) {
        const ways = view.ways?.get(schedule)?.ways ?? (view.critical ? [schedule.critical] : []);
        for (const way of ways) this.line(view, schedule, way, this.palette.css.ink, 1.5);
    }

    /** From what the selected operation waited for to it. */
    drawReason(view) {
        const { schedule, operation } = view.selected ?? {};
        if (!(operation >= 0) || schedule.after[operation] < 0) return;
        this.line(view, schedule, [schedule.after[operation], operation], this.palette.css.accent, 2);
        this.outline(view, { schedule, operation: schedule.after[operation] }, this.palette.css.accent, 1.5);
    }

    line(view, schedule, operations, colour, width) {
        const { context } = this;
        const tops = new Map(this.layout.rows.filter(row => row.type === 'lane' && row.schedule === schedule)
            .map(row => [row.lane.index, this.topOf(view, row) + row.height / 2]));
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
        for (let step = 1; step < operations.length; step++) {
            const [one, two] = [operations[step - 1], operations[step]];
            const [left, right] = [schedule.end[one], schedule.start[two]];
            if (schedule.lane[one] === schedule.lane[two] || left > view.to || right < view.from) continue;
            context.moveTo(this.xOf(view, left), tops.get(schedule.lane[one]));
            context.lineTo(this.xOf(view, right), tops.get(schedule.lane[two]));
        }
        context.stroke();
    }

    outline(view, pointed, colour, width) {
        if (!(pointed?.operation >= 0)) return;
        const { schedule, operation } = pointed;
        const row = this.rowOf(schedule, operation);
        if (!row) return;
        const half = schedule.half[schedule.kind[operation]];
        const [left, right] = [this.xOf(view, schedule.start[operation]), this.xOf(view, schedule.end[operation])];
        const height = half ? row.height / 2 : row.height;
        this.context.strokeStyle = colour;
        this.context.lineWidth = width;
        this.context.strokeRect(left, this.topOf(view, row) + (half === 2 ? height : 0), Math.max(2, right - left), height);
    }
}
