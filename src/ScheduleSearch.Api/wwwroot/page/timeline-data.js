// A schedule's timeline as the service tells it by columns, made ready to be drawn: every lane as stretches of time, each an operation or idle.

const seconds = { us: 1e-6, ms: 1e-3, s: 1 };
const bytes = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Idle time by the phase of the device it falls in. */
export const phases = ['warm-up', 'steady', 'cool-down'];

const closeTo = 1e-9;

export class Schedule {
    /**
     * @param told The answer of /schedules/{id}/timeline.json.
     * @param label What the reader knows the schedule by.
     * @param unit The unit of time of the axis.
     * @param memoryUnit The unit of memory of all curves.
     */
    constructor(told, label, unit, memoryUnit) {
        Object.assign(this, { told, label, unit, memoryUnit });
        const operations = told.operations;
        const factor = seconds[told.timeUnit] / seconds[unit];
        const times = column => factor === 1 ? Float64Array.from(column) : Float64Array.from(column, time => time * factor);
        this.factor = factor;
        const memoryFactor = bytes[told.memoryUnit] / bytes[memoryUnit];
        const amounts = column => column ? Float64Array.from(column, amount => amount * memoryFactor) : null;
        this.count = operations.start.length;
        this.kind = Uint8Array.from(operations.kind);
        this.stage = Uint16Array.from(operations.stage);
        this.pipe = operations.pipe ? Uint8Array.from(operations.pipe) : null;
        this.microbatch = Uint32Array.from(operations.microbatch);
        this.slice = operations.slice ? Uint16Array.from(operations.slice) : null;
        this.item = operations.item ?? null;
        this.items = told.items ?? null;
        this.start = times(operations.start);
        this.end = times(operations.end);
        this.acquired = amounts(operations.acquired);
        this.released = amounts(operations.released);
        this.limits = amounts(told.limits);
        this.after = Int32Array.from(operations.after);
        this.lag = operations.lag ? times(operations.lag) : null;
        this.kinds = told.kinds;
        this.objective = told[told.objective] * factor;
        this.last = this.end.reduce((most, end) => Math.max(most, end), 0);
        this.critical = told.critical;
        this.sums = (told.sums ?? []).map(sum => ({ ...sum, time: sum.time * factor }));
        // What a device waits for: an operation of a kind, its message, or nothing that it could do.
        this.awaited = [...told.kinds.map(kind => kind.name), 'message', 'nothing'];
        this.shadeCount = told.kinds.length * told.chunks;
        this.shade = Uint16Array.from(this.kind, (kind, index) => kind * told.chunks + told.chunksOfStages[this.pipe?.[index] ?? 0][this.stage[index]]);
        this.half = told.kinds.map(kind => ({ first: 1, second: 2 })[kind.placeInPair] ?? 0);
        this.lane = new Int32Array(this.count).fill(-1);
        this.readLanes();
    }

    readLanes() {
        let first = 0;
        const phaseOf = new Map();
        this.lanes = this.told.lanes.map((lane, index) => {
            this.lane.fill(index, first, first + lane.operations);
            const read = { ...lane, index, first, count: lane.operations };
            first += lane.operations;
            if (lane.isCompute) {
                const place = phaseOf.size;
                const { begin, steady, coolDown, end } = this.told.phases[place];
                phaseOf.set(lane.device, place);
                read.phases = [begin, steady, coolDown, end].map(time => time * this.factor);
                read.limit = this.limits?.[place] ?? null;
            }
            return read;
        });
        for (const lane of this.lanes) {
            lane.stretches = stretchesOf(this, lane);
            if (lane.isCompute && this.acquired) lane.memory = memoryOf(this, lane);
        }
    }

    /** The shade of idle time by phase and by what is waited for; those of operations are below them. */
    idleShade(phase, awaited) {
        return this.shadeCount + phase * this.awaited.length + awaited;
    }

    /** How long a device was idle before an operation, and how much of that its message took. */
    waitOf(operation) {
        const lane = this.lanes[this.lane[operation]];
        if (!lane) return { idle: 0, message: 0 };
        let before = operation - 1;
        if (this.half[this.kind[operation]] === 2) before--;
        const free = before >= lane.first ? this.end[before] : lane.phases?.[0] ?? this.start[operation];
        const idle = Math.max(0, this.start[operation] - free);
        return { idle, message: Math.min(idle, this.lag?.[operation] ?? 0) };
    }

    /** The operations of a microbatch in order of time, and those of them that make its way through the stages, by slice. */
    wayOf(microbatch) {
        const operations = [];
        for (let operation = 0; operation < this.count; operation++) {
            if (this.kinds[this.kind[operation]].role === 'fill') continue;
            if (this.microbatch[operation] === microbatch && this.lane[operation] >= 0) operations.push(operation);
        }
        operations.sort((a, b) => this.start[a] - this.start[b] || a - b);
        const bySlice = new Map();
        for (const operation of operations) {
            if (['restore', 'weightGradient'].includes(this.kinds[this.kind[operation]].role)) continue;
            const slice = this.slice?.[operation] ?? 0;
            if (!bySlice.has(slice)) bySlice.set(slice, []);
            bySlice.get(slice).push(operation);
        }
        return { operations, ways: [...bySlice.values()] };
    }

    /** The idle time of each rank by cause, as the service tells it; the sums are those of the phases. */
    idleByCause() {
        const ranks = this.lanes.filter(lane => lane.isCompute);
        return ranks.map((lane, place) => ({ device: lane.device, causes: this.told.phases[place].causes }));
    }
}

/** Reads timelines for one axis: in the units of the first. */
export function readSchedules(documents, labels) {
    const { timeUnit, memoryUnit } = documents[0];
    return documents.map((told, index) => new Schedule(told, labels[index], timeUnit, memoryUnit));
}

/** The first place of a sorted column, from one on, whose number is above a limit. */
export function firstAbove(column, limit, low = 0, high = column.length) {
    while (low < high) {
        const middle = (low + high) >> 1;
        if (column[middle] > limit) high = middle;
        else low = middle + 1;
    }
    return low;
}

/** The same, when it is likely near a place: found in few steps there, whatever the column's length. */
export function firstAboveNear(column, limit, place) {
    let low = place > 0 && (place > column.length || column[place - 1] > limit) ? 0 : place;
    let step = 1;
    while (low + step <= column.length && column[low + step - 1] <= limit) {
        low += step;
        step *= 2;
    }
    return firstAbove(column, limit, low, Math.min(column.length, low + step - 1));
}

/**
 * A lane as stretches of time in order: from, to, shade, and the operation that runs, or that the idle time ends with (-1 after the last). Idle time is
 * cut where what it waits for or the phase changes. The two of a pair are two stretches of the same time.
 */
function stretchesOf(schedule, lane) {
    const from = [], to = [], shade = [], operation = [];
    const add = (begin, end, itsShade, of) => { from.push(begin); to.push(end); shade.push(itsShade); operation.push(of); };
    const least = closeTo * Math.max(schedule.last, 1e-12);
    const addIdle = (begin, end, awaited, of) => {
        for (let phase = 0; phase < phases.length && lane.phases; phase++) {
            const low = Math.max(begin, phase === 0 ? begin : lane.phases[phase]);
            const high = Math.min(end, phase === 2 ? end : lane.phases[phase + 1]);
            if (high - low > least) add(low, high, schedule.idleShade(phase, awaited), of);
        }
    };
    let free = lane.phases?.[0] ?? 0;
    for (let index = lane.first; index < lane.first + lane.count; index++) {
        const start = schedule.start[index];
        if (start > free) {
            const after = schedule.after[index];
            const sent = Math.max(free, start - (schedule.lag?.[index] ?? 0));
            addIdle(free, sent, after < 0 ? schedule.awaited.length - 1 : schedule.kind[after], index);
            addIdle(sent, start, schedule.awaited.length - 2, index);
        }
        add(start, schedule.end[index], schedule.shade[index], index);
        free = Math.max(free, schedule.end[index]);
    }
    if (lane.phases && lane.phases[3] > free) addIdle(free, lane.phases[3], schedule.awaited.length - 1, -1);
    return { from: Float64Array.from(from), to: Float64Array.from(to), shade: Uint16Array.from(shade), operation: Int32Array.from(operation) };
}

/** What a device holds: from each time on, how much; with the most and when that is first reached. */
function memoryOf(schedule, lane) {
    const time = [0], held = [0];
    let [now, amount, peak, peakAt] = [0, 0, 0, 0];
    const change = (at, difference) => {
        if (difference === 0) return;
        now = Math.max(now, at);
        amount += difference;
        if (time.at(-1) === now && difference > 0) held[held.length - 1] = amount;
        else { time.push(now); held.push(amount); }
        if (amount > peak * (1 + closeTo)) [peak, peakAt] = [amount, now];
    };
    for (let index = lane.first; index < lane.first + lane.count; index++) {
        change(schedule.start[index], schedule.acquired[index]);
        change(schedule.end[index], -schedule.released[index]);
    }
    return { time: Float64Array.from(time), held: Float64Array.from(held), peak, peakAt };
}
