// What stands below the picture of timelines: what its colours mean, and for what each rank was idle.

import { phases } from './timeline-data.js';
import { number } from './timeline-words.js';

const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
};

const swatch = (className, ...colours) => element('span', `timeline-swatch ${className}`, ...colours.map(colour => {
    const part = element('span');
    part.style.background = colour;
    return part;
}));

const entry = (label, className, ...colours) => element('span', 'timeline-entry', swatch(className, ...colours), label);

/** The entries of the legend for what is shown now. */
export function legendOf(schedules, view) {
    const kinds = new Map();
    for (const kind of schedules.flatMap(schedule => schedule.kinds)) {
        const known = kinds.get(kind.name);
        if (!known || known.length < kind.colours.length) kinds.set(kind.name, kind.colours);
    }
    const entries = [...kinds].map(([name, colours]) => entry(name, '', ...colours));
    if (view.idle === 'phase') entries.push(...phases.map(phase => entry(`idle in ${phase}`, 'timeline-foot', `var(--timeline-${phase})`)));
    else entries.push(entry('idle', '', 'var(--timeline-idle)'));
    if (view.idle === 'cause') entries.push(
        element('span', 'timeline-entry', 'a bar at the foot of idle time has the colour of what it waits for'),
        entry('message', 'timeline-foot', 'var(--timeline-message)'));
    if (view.memory && schedules.some(schedule => schedule.acquired)) {
        entries.push(entry(`activations held, in ${schedules[0].memoryUnit}, dot at the peak`, '', 'var(--timeline-held)'));
        if (schedules.some(schedule => schedule.limits)) entries.push(entry('limit', 'timeline-line', 'var(--timeline-limit)'));
    }
    if (schedules.some(schedule => schedule.told.chunks > 1)) entries.push(element('span', 'timeline-entry', 'the lighter, the later the chunk'));
    return entries;
}

const headings = {
    lessWork: 'less work than the busiest', input: 'input', communication: 'communication', memory: 'memory', warmUp: 'warm-up', coolDown: 'cool-down',
};

/** What limits a schedule, and a table of its idle time: a row for each rank, a column for each cause that there is. */
export function idleTableOf(schedule) {
    const ranks = schedule.idleByCause();
    const used = Object.keys(headings).filter(cause => ranks.some(rank => rank.causes[cause] > 0));
    const sumOf = amounts => amounts.reduce((sum, amount) => sum + amount, 0);
    const row = (name, amounts) => element('tr', '',
        element('th', '', name), ...[...amounts, sumOf(amounts)].map(amount => element('td', '', number(amount * schedule.factor))));
    const table = element('table', 'numbers timeline-table',
        element('caption', '', `${schedule.label}: idle time by cause, in ${schedule.unit}; limited by ${schedule.told.limitedBy}`),
        element('thead', '', element('tr', '', ...['rank', ...used.map(cause => headings[cause]), 'sum'].map(heading => element('th', '', heading)))),
        element('tbody', '', ...ranks.map(rank => row(String(rank.device), used.map(cause => rank.causes[cause])))),
        element('tfoot', '', row('all', used.map(cause => sumOf(ranks.map(rank => rank.causes[cause]))))));
    return table;
}
