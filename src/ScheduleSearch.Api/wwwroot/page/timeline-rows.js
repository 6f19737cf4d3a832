// Where things stand in the picture of timelines, in CSS pixels from the first row.

const titleHeight = 26;
const mostHeight = 30;
const leastHeight = 6;
const linkPart = 0.6;

/** Pixels above the rows, for the time axis. */
export const axisHeight = 26;

/**
 * The rows of all schedules below each other: a title where there are several, each lane, and the memory of each rank below its lane. Lanes are as high
 * as lets all of them be seen at once, within limits.
 * @param room The pixels that there are for rows.
 */
export function layOut(schedules, room, showsMemory) {
    const rows = [];
    const hasTitles = schedules.length > 1;
    const weights = schedules.flatMap(schedule => schedule.lanes.map(lane => !lane.isCompute ? linkPart : showsMemory && lane.memory ? 2 : 1));
    const gaps = weights.length;
    const weight = weights.reduce((sum, each) => sum + each, 0);
    const left = room - (hasTitles ? schedules.length * titleHeight : 0);
    const roomy = (left - gaps * 4) / weight;
    const gap = roomy >= 12 ? 4 : 2;
    const height = Math.floor(Math.min(mostHeight, Math.max(leastHeight, roomy >= 12 ? roomy : (left - gaps * gap) / weight)));
    let top = 0;
    const add = row => { rows.push({ ...row, top }); top += row.height; };
    for (const schedule of schedules) {
        if (hasTitles) add({ type: 'title', schedule, height: titleHeight });
        for (const lane of schedule.lanes) {
            add({ type: 'lane', schedule, lane, height: lane.isCompute ? height : Math.max(6, Math.round(height * linkPart)) });
            if (showsMemory && lane.memory) {
                top += 1;
                add({ type: 'memory', schedule, lane, height: Math.max(height, 12) });
            }
            top += gap;
        }
    }
    return { rows, height: top };
}

/** Pixels of the names of lanes. */
export function gutterOf(schedules, width) {
    const longest = Math.max(...schedules.flatMap(schedule => schedule.lanes.map(lane => lane.name.length)));
    return Math.min(width < 600 ? 52 : 76, 14 + longest * 6.6);
}

/** Round times along an axis, about so many pixels apart. */
export function marksOf(from, to, width, distance) {
    const least = (to - from) * distance / Math.max(width, 1);
    if (!(least > 0)) return [];
    const power = 10 ** Math.floor(Math.log10(least));
    const step = power * ([1, 2, 5].find(factor => factor * power >= least * (1 - 1e-9)) ?? 10);
    const marks = [];
    for (let mark = Math.ceil(from / step - 1e-9); mark * step <= to + step * 1e-9; mark++) marks.push(Number((mark * step).toPrecision(12)));
    return marks;
}
