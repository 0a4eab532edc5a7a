// The same trade in ethereumjs: node ethereumjs.mjs FIXTURE.json SECONDS, in a folder with @ethereumjs/*.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(process.cwd() + "/");
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { createEVM } = await load("@ethereumjs/evm");
const { SimpleStateManager } = await load("@ethereumjs/statemanager");
const { Common, Mainnet, Hardfork } = await load("@ethereumjs/common");
const { Account, createAddressFromString, hexToBytes, bytesToHex } = await load("@ethereumjs/util");

const fixture = JSON.parse(readFileSync(process.argv[2], "utf8"));
const limit = Number(process.argv[3]);
const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
const state = new SimpleStateManager({ common });
const evm = await createEVM({ common, stateManager: state });
const pad = (number) => "0x" + BigInt(number).toString(16).padStart(64, "0");
for (const [who, account] of Object.entries(fixture.accounts)) {
  const at = createAddressFromString(who);
  await state.putAccount(at, new Account(account.code === "0x" ? 0n : 1n, BigInt(account.balance)));
  if (account.code !== "0x") await state.putCode(at, hexToBytes(account.code));
  for (const [slot, value] of Object.entries(account.storage)) {
    let bytes = hexToBytes(pad(value));
    while (bytes.length > 0 && bytes[0] === 0) bytes = bytes.slice(1);
    await state.putStorage(at, hexToBytes(pad(slot)), bytes);
  }
}
const header = {
  number: BigInt(fixture.number), timestamp: BigInt(fixture.time), gasLimit: 30000000n, baseFeePerGas: 0n,
  coinbase: createAddressFromString(fixture.coinbase), difficulty: 0n, prevRandao: new Uint8Array(32),
  getBlobGasPrice: () => 1n,
};
const calls = fixture.calls.map((one) => ({
  caller: createAddressFromString(one.from), origin: createAddressFromString(one.from),
  to: createAddressFromString(one.to), data: hexToBytes(one.data), value: BigInt(one.value),
  gasLimit: 12000000n, block: { header },
}));
const seller = createAddressFromString(fixture.calls[0].from);
let many = 0, left;
const began = performance.now(), cpu = process.cpuUsage();
while (performance.now() - began < limit * 1000) {
  await state.checkpoint();
  for (const call of calls) {
    const done = await evm.runCall({ ...call });
    if (done.execResult.exceptionError) throw new Error(JSON.stringify(done.execResult.exceptionError));
  }
  left = (await state.getAccount(seller)).balance;
  await state.revert();
  many += 1;
}
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({
  engine: "ethereumjs", version: JSON.parse(readFileSync("node_modules/@ethereumjs/evm/package.json", "utf8")).version, simulations: many,
  cpu: (used.user + used.system) / 1e6, wall: (performance.now() - began) / 1000, left: String(left),
}));
