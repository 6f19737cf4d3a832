// What the reader does to a timeline with mouse, wheel, fingers and keys, as movements of its view.

const zoomOfWheel = 1.0018;
const zoomOfKey = 1.5;
const panOfKey = 0.15;
const scrollOfKey = 48;
const leastDrag = 4;

/**
 * Listens on a canvas.
 * @param view zoom(factor, x), pan(pixels), scroll(pixels), fit(), point(x, y or null), select(x, y), step(along, across), follow(), clear(), centre().
 * @param signal Ends the listening.
 */
export function listen(canvas, view, signal) {
    const pointers = new Map();
    let moved = 0;
    const on = (name, act, options) => canvas.addEventListener(name, act, { signal, ...options });
    const placeOf = event => {
        const box = canvas.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const spread = () => {
        const [one, two] = [...pointers.values()];
        return { distance: Math.max(1, Math.abs(one.x - two.x)), middle: (one.x + two.x) / 2 };
    };

    on('wheel', event => {
        event.preventDefault();
        const lines = event.deltaMode === 1 ? 16 : 1;
        if (event.altKey) view.scroll(event.deltaY * lines);
        else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.pan((event.deltaX || event.deltaY) * lines);
        else view.zoom(zoomOfWheel ** (-event.deltaY * lines), placeOf(event).x);
    }, { passive: false });

    on('pointerdown', event => {
        if (event.button !== 0) return;
        canvas.setPointerCapture(event.pointerId);
        pointers.set(event.pointerId, placeOf(event));
        moved = pointers.size > 1 ? leastDrag : 0;
    });

    on('pointermove', event => {
        const place = placeOf(event);
        const last = pointers.get(event.pointerId);
        if (!last) return view.point(place);
        if (pointers.size === 2) {
            const before = spread();
            pointers.set(event.pointerId, place);
            const after = spread();
            view.pan(before.middle - after.middle);
            view.zoom(after.distance / before.distance, after.middle);
            return;
        }
        moved += Math.abs(place.x - last.x) + Math.abs(place.y - last.y);
        pointers.set(event.pointerId, place);
        if (moved < leastDrag) return;
        view.point(null);
        view.pan(last.x - place.x);
        if (event.pointerType === 'mouse') view.scroll(last.y - place.y);
    });

    const release = event => {
        if (!pointers.delete(event.pointerId) || event.type !== 'pointerup' || moved >= leastDrag) return;
        view.select(placeOf(event));
    };
    on('pointerup', release);
    on('pointercancel', release);
    on('pointerleave', () => view.point(null));
    on('dblclick', () => view.fit());

    const keys = {
        '+': () => view.zoom(zoomOfKey, view.centre()),
        '=': () => view.zoom(zoomOfKey, view.centre()),
        '-': () => view.zoom(1 / zoomOfKey, view.centre()),
        0: () => view.fit(),
        ArrowLeft: () => view.pan(-panOfKey * canvas.clientWidth),
        ArrowRight: () => view.pan(panOfKey * canvas.clientWidth),
        ArrowUp: () => view.scroll(-scrollOfKey),
        ArrowDown: () => view.scroll(scrollOfKey),
        Enter: () => view.follow(),
        Escape: () => view.clear(),
    };
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    on('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const act = event.shiftKey && steps[event.key] ? () => view.step(...steps[event.key]) : keys[event.key];
        if (!act) return;
        event.preventDefault();
        view.point(null);
        act();
    });
}
