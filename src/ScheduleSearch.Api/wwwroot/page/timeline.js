// Timelines of schedules below each other on one time axis: fetched from the service, drawn on a canvas, moved through by mouse, fingers and keys.

import { request } from './browser.js';
import { firstAbove, readSchedules } from './timeline-data.js';
import { Picture } from './timeline-draw.js';
import { listen } from './timeline-input.js';
import { idleTableOf, legendOf } from './timeline-legend.js';
import { axisHeight } from './timeline-rows.js';
import { describe, describeIdle, describeMemory, nameOf } from './timeline-words.js';

const reportAfter = 300;
const deepestZoom = 1e-7;
const defaultHeight = 560;
const help = 'Plus and minus zoom, arrows move, 0 shows all. '
    + 'Shift with arrows goes from operation to operation, Enter to what the selected one waited for.';

/**
 * Shows timelines in an element, which gets a canvas, a tooltip and a text that says what is selected. On the element stand `data-status` (loading, ready or
 * failed), `data-operations`, `data-from` and `data-to` of the visible range, and `data-hovered` and `data-selected` with the operation's name.
 * @param element Where to show them; its variable --timeline-height is the most that the picture takes.
 * @param sources path of a timeline.json, at the service or at a URL of this tab, and label, one for each schedule.
 * @param state What to show: from, to (null for all), microbatch (null for none), memory, critical, idle (off, phase or cause).
 * @param listener Gets OnRead with whether there is memory to show and the number of microbatches, OnState with each new state a moment after it has come
 * to rest, and OnFault with status and problem.
 */
export function create(element, sources, state, listener) {
    const timelines = new Timelines(element, listener);
    timelines.set(state);
    timelines.read(sources);
    return timelines;
}

class Timelines {
    constructor(element, listener) {
        Object.assign(this, { element, listener });
        this.stop = new AbortController();
        this.view = { from: 0, to: 1, scroll: 0, idle: 'off', critical: false, memory: false, microbatch: null, ways: null, hovered: null, selected: null };
        this.build();
        this.sizes = new ResizeObserver(() => this.resize());
        this.sizes.observe(this.scroller);
        this.themes = new MutationObserver(() => this.redraw());
        this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
        // The library's colours come a moment after the name of the theme.
        this.element.addEventListener('transitionend', () => this.redraw(), { signal: this.stop.signal });
        this.scroller.addEventListener('scroll', () => this.redraw(), { signal: this.stop.signal, passive: true });
        listen(this.canvas, this, this.stop.signal);
    }

    build() {
        const make = (name, className, parent) => {
            const made = document.createElement(name);
            made.className = className;
            return parent.appendChild(made);
        };
        this.element.classList.add('timeline');
        this.legend = make('div', 'timeline-legend', this.element);
        this.scroller = make('div', 'timeline-scroller', this.element);
        this.sizer = make('div', 'timeline-sizer', this.scroller);
        this.canvas = make('canvas', 'timeline-canvas', this.sizer);
        this.canvas.tabIndex = 0;
        for (const [name, value] of [['role', 'application'], ['aria-label', 'Timeline'], ['aria-description', help]]) this.canvas.setAttribute(name, value);
        this.tip = make('div', 'timeline-tip', this.element);
        this.tip.hidden = true;
        this.said = make('p', 'timeline-said', this.element);
        this.said.setAttribute('aria-live', 'polite');
        this.idle = make('details', 'timeline-idle', this.element);
        this.idle.hidden = true;
    }

    async read(sources) {
        this.element.dataset.status = 'loading';
        let answers;
        try {
            answers = await Promise.all(sources.map(source => request(source.path, { signal: this.stop.signal })));
            const failed = answers.find(answer => !answer.ok);
            if (failed) return this.fail(failed.status, await failed.text());
            answers = await Promise.all(answers.map(answer => answer.json()));
        } catch {
            if (!this.stop.signal.aborted) this.fail(0, '');
            return;
        }
        this.show(readSchedules(answers, sources.map(source => source.label)));
    }

    fail(status, problem) {
        this.element.dataset.status = 'failed';
        this.tell('OnFault', status, problem);
    }

    /** Tells the listener, unless it has gone and the page with it. */
    tell(name, ...what) {
        this.listener.invokeMethodAsync(name, ...what).catch(() => {});
    }

    show(schedules) {
        this.schedules = schedules;
        this.whole = Math.max(...schedules.map(schedule => schedule.last)) || 1;
        this.picture = new Picture(this.canvas, schedules);
        this.canvas.setAttribute('aria-label', `Timeline of ${schedules.map(schedule => schedule.label).join(', ')}`);
        this.element.dataset.operations = schedules.reduce((sum, schedule) => sum + schedule.count, 0);
        this.set(this.asked);
        this.resize();
        this.element.dataset.status = 'ready';
        this.idle.hidden = false;
        this.idle.replaceChildren(Object.assign(document.createElement('summary'), { textContent: 'Idle time by cause' }), ...schedules.map(idleTableOf));
        this.tell('OnRead', schedules.some(schedule => schedule.acquired), Math.max(...schedules.map(schedule => schedule.told.microbatches)));
    }

    /** What is shown, as it stands in a URL; `from` and `to` are null where all is. */
    state() {
        const { from, to, microbatch, memory, critical, idle } = this.view;
        const isWhole = from <= 0 && to >= this.whole;
        return { from: isWhole ? null : from, to: isWhole ? null : to, microbatch, memory, critical, idle };
    }

    /** Shows something else: those members of a state that are given. */
    set(state) {
        this.asked = { ...this.asked, ...state };
        if (!this.schedules) return;
        const { from, to, ...rest } = this.asked;
        const { memory } = this.view;
        Object.assign(this.view, rest);
        if (from !== undefined) this.move(from ?? 0, to ?? this.whole);
        this.view.ways = this.view.microbatch === null ? null
            : new Map(this.schedules.map(schedule => [schedule, schedule.wayOf(this.view.microbatch)]));
        this.asked = {};
        this.legend.replaceChildren(...legendOf(this.schedules, this.view));
        if (memory !== this.view.memory) this.resize();
        else this.redraw();
    }

    resize() {
        const width = this.scroller.clientWidth;
        if (!this.picture || width === 0) return;
        const most = parseFloat(getComputedStyle(this.scroller).maxHeight) || defaultHeight;
        const rows = this.picture.layOut(most, this.view.memory);
        this.sizer.style.height = `${rows}px`;
        this.picture.resize(width, Math.min(most, rows), window.devicePixelRatio);
        this.redraw();
    }

    redraw() {
        this.frame ??= requestAnimationFrame(() => {
            this.frame = null;
            if (!this.picture || this.stop.signal.aborted) return;
            this.view.scroll = this.scroller.scrollTop;
            this.picture.draw(this.view);
            this.report();
        });
    }

    /** Notes what is shown on the element at once, and tells the listener when it has come to rest. */
    report() {
        const { from, to, hovered, selected } = this.view;
        Object.assign(this.element.dataset, { from, to, hovered: nameOrNone(hovered), selected: nameOrNone(selected) });
        const told = JSON.stringify(this.state());
        if (told === this.told) return;
        const isFirst = this.told === undefined;
        this.told = told;
        clearTimeout(this.reporting);
        if (!isFirst) this.reporting = setTimeout(() => this.tell('OnState', this.state()), reportAfter);
    }

    move(from, to) {
        const width = Math.min(this.whole, Math.max(to - from, this.whole * deepestZoom));
        this.view.from = Math.min(Math.max(from, 0), this.whole - width);
        this.view.to = this.view.from + width;
        this.redraw();
    }

    fit() {
        if (this.picture) this.move(0, this.whole);
    }

    zoom(factor, x = this.centre()) {
        if (!this.picture) return;
        const at = this.picture.timeAt(this.view, x);
        this.move(at - (at - this.view.from) / factor, at + (this.view.to - at) / factor);
    }

    pan(pixels) {
        if (!this.picture) return;
        const time = pixels / this.picture.plotWidth * (this.view.to - this.view.from);
        const { from, to } = this.view;
        const bounded = Math.min(Math.max(time, -from), this.whole - to);
        this.move(from + bounded, to + bounded);
    }

    scroll(pixels) {
        this.scroller.scrollTop += pixels;
    }

    centre() {
        return this.picture ? this.picture.gutter + this.picture.plotWidth / 2 : 0;
    }

    /** What is drawn at a place: the row's schedule and lane, the stretch of time, and the operation that runs in it; -1 while idle. */
    find(place) {
        if (!this.picture || !place) return null;
        const row = this.picture.rowAt(this.view, place.y);
        if (!row || row.type === 'title' || place.x < this.picture.gutter) return null;
        if (row.type === 'memory') return { ...row, held: row.lane.memory.held[firstAbove(row.lane.memory.time, this.picture.timeAt(this.view, place.x)) - 1] };
        const stretch = this.picture.stretchAt(this.view, row, place.x, place.y);
        if (stretch === null) return null;
        const { schedule, lane } = row;
        const isIdle = lane.stretches.shade[stretch] >= schedule.shadeCount;
        return { schedule, lane, stretch, operation: isIdle ? -1 : lane.stretches.operation[stretch] };
    }

    point(place) {
        const found = this.find(place);
        this.view.hovered = found;
        this.tip.hidden = !found;
        this.canvas.style.cursor = found ? 'pointer' : '';
        if (found) {
            this.tip.replaceChildren(...sentencesOf(found).map(sentence => Object.assign(document.createElement('div'), { textContent: sentence })));
            const { offsetWidth, offsetHeight } = this.tip;
            const [width, height] = [this.element.clientWidth, this.scroller.clientHeight];
            this.tip.style.left = `${Math.max(0, Math.min(place.x + 14, width - offsetWidth - 4))}px`;
            this.tip.style.top = `${place.y + 18 + offsetHeight < height ? place.y + 18 : Math.max(0, place.y - offsetHeight - 10)}px`;
        }
        this.redraw();
    }

    select(place) {
        const found = this.find(place);
        this.choose(found?.held === undefined ? found : null);
    }

    clear() {
        this.choose(null);
    }

    choose(found) {
        this.view.selected = found;
        this.said.textContent = found ? `${sentencesOf(found).join('; ')}.` : '';
        this.redraw();
    }

    /** Goes from the selected operation to another of its lane, or to one at the same time of another lane. */
    step(along, across) {
        if (!this.picture) return;
        if (!(this.view.selected?.operation >= 0)) return this.reachAt(this.schedules[0], this.schedules[0].lanes[0], this.view.from);
        const { schedule, operation } = this.view.selected;
        const lane = schedule.lanes[schedule.lane[operation]];
        if (across === 0) return this.reach(schedule, Math.min(Math.max(operation + along, lane.first), lane.first + lane.count - 1));
        const rows = this.picture.layout.rows.filter(row => row.type === 'lane');
        const next = rows[rows.findIndex(row => row.schedule === schedule && row.lane === lane) + across];
        if (next) this.reachAt(next.schedule, next.lane, schedule.start[operation]);
    }

    /** Goes to the operation that a lane carries out at a time, or else next. */
    reachAt(schedule, { first, count }, at) {
        if (count > 0) this.reach(schedule, Math.min(firstAbove(schedule.end, at, first, first + count), first + count - 1));
    }

    /** Goes to what the selected operation waited for. */
    follow() {
        const { schedule, operation } = this.view.selected ?? {};
        if (operation >= 0 && schedule.after[operation] >= 0) this.reach(schedule, schedule.after[operation]);
    }

    /** Selects an operation and brings it into view. */
    reach(schedule, operation) {
        this.choose({ schedule, operation });
        const [start, end] = [schedule.start[operation], schedule.end[operation]];
        const { from, to } = this.view;
        if (start < from || end > to) this.move((start + end - to + from) / 2, (start + end + to - from) / 2);
        const row = this.picture.rowOf(schedule, operation);
        const room = this.scroller.clientHeight - axisHeight;
        if (row && (row.top < this.scroller.scrollTop || row.top + row.height > this.scroller.scrollTop + room))
            this.scroller.scrollTop = row.top + row.height / 2 - room / 2;
    }

    dispose() {
        this.stop.abort();
        clearTimeout(this.reporting);
        this.sizes.disconnect();
        this.themes.disconnect();
        this.element.replaceChildren();
    }
}

function sentencesOf({ schedule, lane, stretch, operation, held }) {
    if (held !== undefined) return describeMemory(schedule, lane, held);
    return operation >= 0 ? describe(schedule, operation) : describeIdle(schedule, lane, stretch);
}

function nameOrNone(found) {
    if (!found) return '';
    if (found.held !== undefined) return 'memory';
    return found.operation >= 0 ? nameOf(found.schedule, found.operation) : 'idle';
}
