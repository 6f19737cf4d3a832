// What pages ask of the browser: requests to the service, its events, downloads, the clipboard and the theme.

const keyName = 'schedulesearch.key';
const themeName = 'schedulesearch.theme';
const perfetto = 'https://ui.perfetto.dev';

const headers = () => {
    const key = sessionStorage.getItem(keyName);
    return key ? { Authorization: `Bearer ${key}` } : {};
};

export function setKey(key) {
    if (key) sessionStorage.setItem(keyName, key);
    else sessionStorage.removeItem(keyName);
}

/** Fetches from the service with the reader's key. */
export const request = (path, options = {}) => fetch(path, { ...options, headers: { ...headers(), ...options.headers } });

/** Sends a request; status 0 when there is no answer. */
export async function send(method, path, body, prefer) {
    const sent = {};
    if (body !== null) sent['Content-Type'] = 'application/json';
    if (prefer !== null) sent.Prefer = prefer;
    try {
        const answer = await request(path, { method, body, headers: sent });
        return { status: answer.status, body: DotNet.createJSStreamReference(await answer.arrayBuffer()) };
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return { status: 0, body: DotNet.createJSStreamReference(new ArrayBuffer(0)) };
    }
}

// What the service's JSON has of numbers stays as it is: a double may lose digits of them.
const withText = (body, member, element) => `${body.slice(0, -1)},${JSON.stringify(member)}:${JSON.stringify(element.value)}}`;

/** Sends an object, which has a member already, with the text of an element as another: the text may be longer than what a page takes in one message. */
export const sendText = (path, body, member, element) => send('POST', path, withText(body, member, element), null);

/** As sendText, but the answer stays in this tab, at a URL of its own; returns that, or the problem when there is one. */
export async function sendTextAndKeep(path, body, member, element) {
    try {
        const answer = await request(path, { method: 'POST', body: withText(body, member, element), headers: { 'Content-Type': 'application/json' } });
        return answer.ok ? { url: URL.createObjectURL(await answer.blob()) } : { problem: await answer.text() };
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return { problem: '' };
    }
}

/** A stream as a blob; null as soon as it has more than so many bytes. */
async function bounded(stream, most) {
    const parts = [], reader = stream.getReader();
    for (let size = 0, part = await reader.read(); !part.done; part = await reader.read()) {
        size += part.value.length;
        if (size > most) {
            await reader.cancel();
            return null;
        }
        parts.push(part.value);
    }
    return new Blob(parts);
}

/** A file as a member of JSON: a blob, or text; null when it has more than so many bytes. What is packed by gzip is unpacked. */
async function contentOf(file, most) {
    const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    const isPacked = first === 0x1f && second === 0x8b;
    const plain = isPacked ? await bounded(file.stream().pipeThrough(new DecompressionStream('gzip')), most) : file.size > most ? null : file;
    if (!plain) return null;
    // An object, or a list of objects: lines of logs begin with brackets too.
    return /^\s*(\{|\[\s*[{\]])/.test(await plain.slice(0, 256).text()) ? plain : JSON.stringify(await plain.text());
}

/** An answer that was made here, as the service's problems are. */
const refusal = (status, detail) => ({ status, body: DotNet.createJSStreamReference(new TextEncoder().encode(JSON.stringify({ detail })).buffer) });

/**
 * Sends an object, which has a member already, with the files of an element as another, compressed: no file is a string here but those that are tables.
 * Of the answer, some members of one member stay in this tab, and their URLs stand in their place: they may be longer than what a page takes well.
 */
export async function sendFiles(path, body, element, most, owner, kept) {
    const parts = [`${body.slice(0, -1)},"files":[`];
    let left = most;
    for (const [index, file] of [...element.files].entries()) {
        let content;
        try {
            content = await contentOf(file, left);
        } catch {
            return refusal(400, `${file.name} cannot be read, or is not the gzip that it begins as.`);
        }
        if (content === null) return refusal(413, `The files have more than ${most} bytes together, which is the most that this service takes: send those of fewer steps.`);
        left -= content.size ?? content.length;
        parts.push(`${index > 0 ? ',' : ''}{"name":${JSON.stringify(file.name)},"content":`, content, '}');
    }
    try {
        const packed = new Blob([...parts, ']}']).stream().pipeThrough(new CompressionStream('gzip'));
        const headersOfPacked = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
        const answer = await request(path, { method: 'POST', body: await new Response(packed).blob(), headers: headersOfPacked });
        if (!answer.ok) return { status: answer.status, body: DotNet.createJSStreamReference(await answer.arrayBuffer()) };
        const told = await answer.json();
        for (const member of told[owner] ? kept : [])
            told[owner][member] = URL.createObjectURL(new Blob([JSON.stringify(told[owner][member])], { type: 'application/json' }));
        return { status: answer.status, body: DotNet.createJSStreamReference(new TextEncoder().encode(JSON.stringify(told)).buffer) };
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return { status: 0, body: DotNet.createJSStreamReference(new ArrayBuffer(0)) };
    }
}

/** Gives up what is kept at a URL of this tab. */
export const release = url => URL.revokeObjectURL(url);

/** Fills an element with the text of each file that is chosen. */
export function fillFrom(input, element) {
    input.addEventListener('change', async () => {
        if (input.files.length > 0) element.value = await input.files[0].text();
        input.value = '';
    });
}

/** Follows server-sent events; the watcher's OnEvent gets each one's name and data, OnEnd the end of the stream. */
export function watch(path, watcher) {
    const stop = new AbortController();
    const read = async () => {
        const answer = await request(path, { signal: stop.signal, headers: { Accept: 'text/event-stream' } });
        if (!answer.ok) return;
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            const events = (text + part.value).split(/\r?\n\r?\n/);
            text = events.pop();
            for (const event of events) {
                const fields = Object.fromEntries(event.split(/\r?\n/).map(line => /^(\w+): ?(.*)$/.exec(line)).filter(Boolean).map(field => [field[1], field[2]]));
                if (fields.data) await watcher.invokeMethodAsync('OnEvent', fields.event ?? 'message', fields.data);
            }
        }
    };
    read().catch(() => {}).then(() => stop.signal.aborted ? null : watcher.invokeMethodAsync('OnEnd')).catch(() => {});
    return { stop: () => stop.abort() };
}

export const theme = () => localStorage.getItem(themeName) ?? '';

export function setTheme(isDark, isChosen) {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    if (isChosen) localStorage.setItem(themeName, isDark ? 'dark' : 'light');
}

export const copy = text => navigator.clipboard.writeText(text);

/** Downloads a document under the name that the service gives it; returns the problem when there is one. */
export async function download(path) {
    const answer = await request(path);
    if (!answer.ok) return answer.text();
    const name = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name ?? path.split('?')[0].split('/').pop();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return null;
}

/** Opens a trace in Perfetto as it documents for other pages: it answers a ping once it listens, and takes the trace as a message. */
export async function openInPerfetto(path, title) {
    const answer = await request(path);
    if (!answer.ok) return answer.text();
    const buffer = await answer.arrayBuffer();
    const tab = window.open(perfetto);
    if (!tab) return JSON.stringify({ detail: 'The browser keeps the tab from opening: allow pop-up windows here.' });
    const ping = setInterval(() => tab.postMessage('PING', perfetto), 50);
    const done = message => {
        if (message.source !== tab || message.data !== 'PONG') return;
        clearInterval(ping);
        removeEventListener('message', done);
        tab.postMessage({ perfetto: { buffer, title } }, perfetto);
    };
    addEventListener('message', done);
    setTimeout(() => { clearInterval(ping); removeEventListener('message', done); }, 60_000);
    return null;
}
