import createClient from "openapi-fetch";
import type { components, paths } from "./generated.d.ts";

type ScheduleAnswer = components["schemas"]["ScheduleAnswer"];
type SolveRequest = components["schemas"]["SolveRequest"];

const [url = "", step = "", argument = ""] = process.argv.slice(2);
// Of answers that have other forms too, such as pictures, JSON is what is asked for.
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: url });

switch (step) {
    case "solve":
        print(await solve("wait=60", requestOf(8, [4, 4, 3, 3], 10)));
        break;
    case "get":
        print(given(await client.GET("/schedules/{id}", { params: { path: { id: argument } } })));
        break;
    case "instructions": {
        const params = { path: { id: argument }, query: { format: "pytorch" } } as const;
        process.stdout.write(given(await client.GET("/schedules/{id}/instructions", { params, parseAs: "text" })));
        break;
    }
    case "events": {
        const started = await solve("respond-async", requestOf(Number(argument), [3, 4, 3, 2], 2));
        const params = { path: { id: started.id } };
        const stream = given(await client.GET("/schedules/{id}/events", { params, parseAs: "stream" }));
        let text = "";
        for await (const part of stream.pipeThrough(new TextDecoderStream())) text += part;
        for (const [, name] of text.matchAll(/^event: (.*)$/gm)) console.log(name);
        break;
    }
}

async function solve(prefer: string, body: SolveRequest): Promise<ScheduleAnswer> {
    return given(await client.POST("/schedules/solve", { body, params: { header: { Prefer: prefer } } }));
}

function given<T>(answer: { data?: T; error?: components["schemas"]["HttpProblem"] }): NonNullable<T> {
    if (answer.data === undefined || answer.data === null) throw new Error(answer.error?.detail ?? "There is no answer.");
    return answer.data;
}

function print(answer: ScheduleAnswer): void {
    console.log(`${answer.id} ${answer.makespan}`);
}

// A member that takes one number or many takes either.
function requestOf(microbatches: number, limit: number[], seconds: number): SolveRequest {
    return {
        profile: {
            name: "measured",
            pipeline: { devices: 4, microbatches, placement: "linear", chunks: null },
            times: { unit: "ms", forward: [7, 11, 5, 13], backwardInput: [9, 12, 8, 10], backwardWeight: 6, communication: { latency: 1.5 } },
            memory: { limit, activation: 1 },
        },
        options: { objective: "makespan", timeLimitSeconds: seconds },
    };
}
