// The colours of timelines, as pixels: those of operations come with the schedule, all others from the page's theme.

const opaque = 0xff000000;
const dimmed = 0.8;

export class Palette {
    /** @param element Where the theme's variables are read. */
    constructor(element) {
        this.element = element;
        this.probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    }

    /** Reads the theme as it is now; false when nothing has changed. */
    read(schedules, idleMode) {
        const style = getComputedStyle(this.element);
        const css = name => style.getPropertyValue(`--timeline-${name}`).trim();
        const names = ['background', 'ink', 'faint', 'grid', 'idle', 'accent', 'held', 'limit', 'warm-up', 'steady', 'cool-down', 'message'];
        const key = [idleMode, ...names.map(css)].join();
        if (key === this.key && schedules === this.schedules) return false;
        Object.assign(this, { key, schedules, css: Object.fromEntries(names.map(name => [name, css(name)])) });
        this.pixel = Object.fromEntries(names.map(name => [name, this.pixelOf(css(name))]));
        this.of = new Map(schedules.map(schedule => [schedule, this.shadesOf(schedule, idleMode)]));
        return true;
    }

    shadesOf(schedule, idleMode) {
        const operations = schedule.kinds.flatMap(kind => kind.colours).map(colour => this.pixelOf(colour));
        const idle = [];
        for (const phase of ['warm-up', 'steady', 'cool-down']) {
            for (let awaited = 0; awaited < schedule.awaited.length; awaited++) idle.push(this.idleColour(schedule, idleMode, phase, awaited));
        }
        const full = Uint32Array.from([...operations, ...idle]);
        const dim = Uint32Array.from([...operations.map(colour => mix(colour, this.pixel.background, dimmed)), ...idle]);
        return { full, dim, text: operations.map(colour => luminanceOf(colour) > 0.179 ? '#000' : '#fff') };
    }

    /** The colour of idle time: by its phase, by what it is for (the colour of the kind that is waited for), or one for all. */
    idleColour(schedule, idleMode, phase, awaited) {
        if (idleMode === 'phase') return this.pixel[phase];
        if (idleMode === 'off' || awaited === schedule.awaited.length - 1) return this.pixel.idle;
        return awaited === schedule.awaited.length - 2 ? this.pixel.message : this.pixelOf(schedule.kinds[awaited].colours[0]);
    }

    pixelOf(css) {
        this.probe.fillStyle = css;
        this.probe.fillRect(0, 0, 1, 1);
        return new Uint32Array(this.probe.getImageData(0, 0, 1, 1).data.buffer)[0] | opaque;
    }
}

function mix(colour, other, part) {
    let mixed = opaque;
    for (const shift of [0, 8, 16]) {
        const [one, two] = [(colour >>> shift) & 255, (other >>> shift) & 255];
        mixed |= Math.round(one + (two - one) * part) << shift;
    }
    return mixed >>> 0;
}

/** The relative luminance of WCAG 2; above 0.179 black stands out more than white. */
function luminanceOf(colour) {
    const linear = shift => {
        const level = ((colour >>> shift) & 255) / 255;
        return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(0) + 0.7152 * linear(8) + 0.0722 * linear(16);
}
