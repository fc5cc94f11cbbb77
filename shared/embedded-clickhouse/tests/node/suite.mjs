// ClickHouse's own client for Node.js against the server that CLICKHOUSE names. Prints a line per promise it saw kept.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { createClient, ClickHouseLogLevel } from '@clickhouse/client';

const url = process.env.CLICKHOUSE;
const database = `node_${randomUUID().replaceAll('-', '')}`;
const log = { level: ClickHouseLogLevel.OFF };
const root = createClient({ url, log });
await root.command({ query: `create database ${database} engine = Atomic` });
const client = createClient({ url, database, log });

const promises = {
  async 'ping, both ways'() {
    assert.equal((await client.ping()).success, true);
    assert.equal((await client.ping({ select: true })).success, true);
  },

  async 'a select as JSON documents and as rows'() {
    const document = await (await client.query({ query: 'select number from numbers(3)', format: 'JSON' })).json();
    assert.deepEqual(document.data.map((row) => Number(row.number)), [0, 1, 2]);
    assert.equal(document.rows, 3);
    const rows = await (await client.query({ query: 'select 1 as a', format: 'JSONEachRow' })).json();
    assert.deepEqual(rows, [{ a: 1 }]);
  },

  async 'parameters of many types, in the address and as a form'() {
    const query_params = {
      number: 42, text: "it's \\ \t\n", list: ['a', "b'"], nothing: null, when: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
      map: { a: 1 }, yes: true,
    };
    const query = `select {number: UInt32} as number, {text: String} as text, {list: Array(String)} as list,
      {nothing: Nullable(String)} as nothing, {when: DateTime('UTC')} as at, {map: Map(String, UInt8)} as map,
      {yes: Bool} as yes`;
    for (const use_multipart_params of [false, true]) {
      const result = await client.query({ query, query_params, use_multipart_params, format: 'JSONEachRow' });
      assert.deepEqual(await result.json(), [{
        number: 42, text: "it's \\ \t\n", list: ['a', "b'"], nothing: null, at: '2026-01-02 03:04:05', map: { a: 1 },
        yes: true,
      }]);
    }
  },

  async 'a streaming select of a million rows'() {
    const result = await client.query({ query: 'select number from numbers(1000000)', format: 'JSONEachRow' });
    let [count, sum] = [0, 0];
    for await (const rows of result.stream()) {
      for (const row of rows) [count, sum] = [count + 1, sum + Number(row.json().number)];
    }
    assert.deepEqual([count, sum], [1000000, 499999500000]);
  },

  async 'an insert of values and of a stream'() {
    await client.command({ query: 'create table t (id UInt32, name String) engine = MergeTree order by id' });
    const values = await client.insert({ table: 't', values: [{ id: 1, name: 'a' }], format: 'JSONEachRow' });
    assert.equal(values.executed, true);
    assert.equal(values.summary.written_rows, '1');
    const stream = Readable.from((function* () {
      for (let id = 2; id <= 50000; id++) yield { id, name: `n${id}` };
    })());
    await client.insert({ table: 't', values: stream, format: 'JSONEachRow' });
    const result = await client.query({ query: 'select count() as n, max(id) as m from t', format: 'JSONEachRow' });
    assert.deepEqual((await result.json()).map((row) => [Number(row.n), row.m]), [[50000, 50000]]);
  },

  async 'compression of requests and responses'() {
    const packed = createClient({ url, database, log, compression: { request: true, response: true } });
    await packed.command({ query: 'create table z (text String) engine = Memory' });
    const values = Array.from({ length: 1000 }, (_, index) => ({ text: `text ${index}` }));
    await packed.insert({ table: 'z', values, format: 'JSONEachRow' });
    const result = await packed.query({ query: 'select text from z order by text', format: 'JSONEachRow' });
    const rows = await result.json();
    assert.equal(rows.length, 1000);
    await packed.close();
  },

  async 'a session with its temporary table'() {
    const session = createClient({ url, database, log, session_id: randomUUID(), max_open_connections: 1 });
    await session.command({ query: 'create temporary table mine (a UInt8)' });
    await session.insert({ table: 'mine', values: [{ a: 5 }], format: 'JSONEachRow' });
    const rows = await (await session.query({ query: 'select a from mine', format: 'JSONEachRow' })).json();
    assert.deepEqual(rows, [{ a: 5 }]);
    await session.close();
  },

  async 'settings of a request'() {
    const result = await client.query({
      query: "select getSetting('max_block_size') as size", format: 'JSONEachRow',
      clickhouse_settings: { max_block_size: '77', wait_end_of_query: 1 },
    });
    assert.equal(Number((await result.json())[0].size), 77);
  },

  async 'an error is an error with its code'() {
    await assert.rejects(client.query({ query: 'select * from nowhere' }), { code: '60', type: 'UNKNOWN_TABLE' });
    await assert.rejects(client.command({ query: 'selec' }), { code: '62' });
  },

  async 'an error in the middle of a stream'() {
    const result = await client.query({
      query: 'select throwIf(number = 3000000) as a from numbers(4000000)', format: 'JSONEachRow',
    });
    await assert.rejects(async () => {
      for await (const rows of result.stream()) assert.ok(rows.length > 0);
    }, /throwIf|395|aborted/);
  },

  async 'an abort ends the query'() {
    const abort = new AbortController();
    const query_id = randomUUID();
    const asking = client.query({
      query: `select sleepEachRow(0.05), '${query_id}' from numbers(10000) settings max_block_size = 1`,
      query_id, abort_signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 300);
    await assert.rejects(asking, /abort/i);
    for (let turn = 0; ; turn++) {
      const running = await client.query({
        query: `select count() as n from system.processes where position(query, 'sleepEachRow') > 0
          and position(query, '${query_id}') > 0 and position(query, 'processes') = 0`,
        format: 'JSONEachRow',
      });
      if (Number((await running.json())[0].n) === 0) break;
      assert.ok(turn < 50, 'the query goes on');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  },

  async 'a select of another kind and a raw one'() {
    const tables = await (await client.query({ query: 'show tables', format: 'JSONEachRow' })).json();
    assert.ok(tables.length >= 2);
    const { stream } = await client.exec({ query: 'select 1 format CSV' });
    assert.equal(Buffer.concat(await stream.toArray()).toString(), '1\n');
  },
};

for (const [name, check] of Object.entries(promises)) {
  await check();
  console.log(`kept: ${name}`);
}
await client.command({ query: `drop database ${database}` });
await client.close();
await root.close();
console.log(`kept: all ${Object.keys(promises).length}`);
