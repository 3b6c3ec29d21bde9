// Interleaved rounds: in each, every plugin gets the same deltas, in an order that turns. What disturbs
// the machine disturbs them all, and a ratio is one of the same round.

const WARM_UP = 0.2

export function measure(candidates, deltas, rounds, milliseconds) {
  const count = Math.max(deltasPer(milliseconds, candidates[0], deltas), 1)
  const times = candidates.map(() => [])
  const warmUp = Math.ceil(rounds * WARM_UP)
  for (let round = -warmUp; round < rounds; round++) {
    const from = Math.abs(round * count) % deltas.length
    for (let turn = 0; turn < candidates.length; turn++) {
      const which = (turn + Math.abs(round)) % candidates.length
      const candidate = candidates[which]
      candidate.plugin.poll()
      const began = process.hrtime.bigint()
      candidate.give(deltas, from, count)
      const took = Number(process.hrtime.bigint() - began) / 1e3
      if (round >= 0) times[which].push(took / count)
    }
  }
  return candidates.map(({ name }, which) => {
    const ratios = times[which].map((time, round) => time / times[0][round])
    return { name, microseconds: median(times[which]), ratio: median(ratios) }
  })
}

// How many deltas the first, which does nothing, takes in such a time.
function deltasPer(milliseconds, candidate, deltas) {
  const some = 5000
  const best = Math.min(
    ...Array.from({ length: 5 }, () => {
      const began = process.hrtime.bigint()
      candidate.give(deltas, 0, some)
      candidate.expect(deltas, 0, some)
      return Number(process.hrtime.bigint() - began)
    })
  )
  return Math.round((milliseconds * 1e6 * some) / best)
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
