// What is said of operations, for tooltips, the text below the picture and screen readers.

/** A number as it is read, without the noise of its last digits. */
export const number = value => String(Number(value.toPrecision(7)));

export const time = (schedule, value) => `${number(value)} ${schedule.unit}`;

/** What tells the operations of a stage apart. */
export const turnOf = (schedule, operation) =>
    schedule.slice ? `${schedule.microbatch[operation]}.${schedule.slice[operation]}` : String(schedule.microbatch[operation]);

export function nameOf(schedule, operation) {
    const item = schedule.items?.[schedule.item[operation]];
    if (item !== undefined) return `${schedule.kinds[schedule.kind[operation]].name} of ${item}, piece ${schedule.microbatch[operation]}`;
    const slice = schedule.slice ? `, slice ${schedule.slice[operation]}` : '';
    const pipe = schedule.pipe ? `, pipe ${schedule.pipe[operation]}` : '';
    const kind = schedule.kinds[schedule.kind[operation]].name;
    return `${kind} of stage ${schedule.stage[operation]}, microbatch ${schedule.microbatch[operation]}${slice}${pipe}`;
}

const placeOf = (schedule, operation) => schedule.lanes[schedule.lane[operation]]?.name ?? 'no lane';

/** An operation and why it starts when it does, a sentence each. */
export function describe(schedule, operation) {
    const { start, end, after } = schedule;
    const sentences = [
        `${nameOf(schedule, operation)} on ${placeOf(schedule, operation)}`,
        `${number(start[operation])} to ${time(schedule, end[operation])} (${time(schedule, end[operation] - start[operation])})`,
    ];
    const reason = after[operation];
    const lag = schedule.lag?.[operation] ?? 0;
    const { recorded } = schedule.told;
    if (reason < 0) sentences.push(recorded ? 'the first of its rank' : start[operation] > 0 ? 'held back so that the largest span is least' : 'waits for nothing');
    else sentences.push(`starts after the ${nameOf(schedule, reason)} on ${placeOf(schedule, reason)}, which ends at ${time(schedule, end[reason])}`
        + (lag > 0 ? recorded ? `, ${time(schedule, lag)} before` : `, and its message of ${time(schedule, lag)}` : ''));
    const { idle, message } = schedule.waitOf(operation);
    if (idle > 0) {
        const why = reason < 0 || recorded ? '' : message >= idle ? ': for the message' : message > 0
            ? `: ${time(schedule, idle - message)} for the ${schedule.kinds[schedule.kind[reason]].name}, ${time(schedule, message)} for its message`
            : `: for the ${schedule.kinds[schedule.kind[reason]].name}`;
        sentences.push(`${placeOf(schedule, operation)} is idle for ${time(schedule, idle)} before it${why}`);
    }
    return sentences;
}

/** Idle time of a lane: when, and what for. */
export function describeIdle(schedule, lane, stretch) {
    const { from, to, operation } = lane.stretches;
    const next = operation[stretch];
    const sentences = [`${lane.name} is idle`, `${number(from[stretch])} to ${time(schedule, to[stretch])} (${time(schedule, to[stretch] - from[stretch])})`];
    if (next < 0) return [...sentences, 'nothing is left to do'];
    const reason = schedule.after[next];
    if (reason >= 0) sentences.push(`until the ${nameOf(schedule, reason)} on ${placeOf(schedule, reason)} ends at ${time(schedule, schedule.end[reason])}`
        + (!(schedule.lag?.[next] > 0) ? '' : schedule.told.recorded ? `, and ${time(schedule, schedule.lag[next])} more`
            : ` and its message of ${time(schedule, schedule.lag[next])} is there`));
    return [...sentences, `then the ${nameOf(schedule, next)}`];
}

/** What a device holds at a time, beside the most that it ever does and may. */
export function describeMemory(schedule, lane, held) {
    const amount = value => `${number(value)} ${schedule.memoryUnit}`;
    return [`${lane.name} holds ${amount(held)}`, `at most ${amount(lane.memory.peak)}${lane.limit === null ? '' : ` of ${amount(lane.limit)}`}`];
}
