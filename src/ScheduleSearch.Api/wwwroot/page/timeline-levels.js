// Sums over stretches of time that are too narrow to be drawn one by one, at a cost that does not grow with how many they are.

import { firstAbove, firstAboveNear } from './timeline-data.js';

const block = 32;

/** How much of a lane's time each shade has between two times. */
export class ShadeSums {
    constructor(schedule, lane) {
        const { from, to, shade } = lane.stretches;
        Object.assign(this, { from, to });
        this.shades = [...new Set(shade)].sort((a, b) => a - b);
        const slots = new Map(this.shades.map((each, slot) => [each, slot]));
        this.slot = Uint16Array.from(shade, each => slots.get(each));
        // The two of a pair share their time.
        this.weight = Float32Array.from(shade, each => each < schedule.shadeCount && schedule.half[Math.floor(each / schedule.told.chunks)] ? 0.5 : 1);
        const width = this.shades.length;
        this.before = new Float64Array((Math.floor(from.length / block) + 1) * width);
        const running = new Float64Array(width);
        for (let index = 0; index < from.length; index++) {
            if (index % block === 0) this.before.set(running, index / block * width);
            running[this.slot[index]] += this.weight[index] * (to[index] - from[index]);
        }
        if (from.length % block === 0) this.before.set(running, from.length / block * width);
        this.sums = new Float64Array(width);
        this.place = 0;
    }

    /** The time of each shade, in the order of `shades`, between two times; what is returned is overwritten by the next call. */
    between(begin, end) {
        const { from, to, sums } = this;
        sums.fill(0);
        const low = this.place = firstAboveNear(to, begin, this.place);
        let high = low;
        while (high < from.length && from[high] < end && high - low <= 2 * block) high++;
        if (high - low <= 2 * block) {
            for (let index = low; index < high; index++) this.add(index, Math.max(from[index], begin), Math.min(to[index], end));
            return sums;
        }
        high = firstAbove(from, end, high);
        this.addBefore(high, 1);
        this.addBefore(low, -1);
        for (let index = low; index < high && from[index] < begin; index++) this.add(index, begin, from[index]);
        for (let index = high - 1; index >= low && to[index] > end; index--) this.add(index, to[index], end);
        return sums;
    }

    add(index, begin, end) {
        this.sums[this.slot[index]] += this.weight[index] * (end - begin);
    }

    addBefore(index, sign) {
        const whole = Math.floor(index / block);
        const width = this.shades.length;
        for (let slot = 0; slot < width; slot++) this.sums[slot] += sign * this.before[whole * width + slot];
        for (let each = whole * block; each < index; each++) this.sums[this.slot[each]] += sign * this.weight[each] * (this.to[each] - this.from[each]);
    }
}

/** The most that a device holds between two times. */
export class MostHeld {
    constructor(memory) {
        Object.assign(this, memory);
        this.most = new Float64Array(Math.ceil(this.held.length / block));
        for (let index = 0; index < this.held.length; index++) {
            const whole = Math.floor(index / block);
            this.most[whole] = Math.max(this.most[whole], this.held[index]);
        }
        this.place = 0;
    }

    between(begin, end) {
        this.place = firstAboveNear(this.time, begin, this.place);
        let index = Math.max(0, this.place - 1);
        const last = firstAboveNear(this.time, end, this.place);
        let most = this.held[index];
        while (index < last) {
            if (index % block === 0 && index + block <= last) {
                most = Math.max(most, this.most[index / block]);
                index += block;
            } else {
                most = Math.max(most, this.held[index++]);
            }
        }
        return most;
    }
}
