// Interleaved rounds: in each, every plugin gets the same deltas, in an order that turns. What disturbs
// the machine disturbs them all, and a ratio is one of the same round. A turn is short, so that few of
// them are interrupted, and these are not the median.

const WARM_UP = 4000
const WARM_UP_MILLISECONDS = 300

// Until all that is run is compiled for speed.
export function warmUp(candidates, deltas) {
  for (const candidate of candidates) {
    const until = performance.now() + WARM_UP_MILLISECONDS
    for (let given = 0; given < WARM_UP && performance.now() < until; given += 100) {
      candidate.give(deltas, given, 100)
    }
  }
}

// A turn takes about so many microseconds, of slow ones and of fast ones.
export function measure(candidates, deltas, rounds, microseconds) {
  const counts = candidates.map((candidate) => deltasIn(microseconds, candidate, deltas))
  const times = candidates.map(() => new Float64Array(rounds))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < candidates.length; turn++) {
      const which = (turn + round) % candidates.length
      const [candidate, count] = [candidates[which], counts[which]]
      const from = (round * count) % deltas.length
      candidate.plugin.poll()
      // What another has left in the caches of the machine is not to be paid by the first delta.
      candidate.give(deltas, from, 1)
      const began = process.hrtime.bigint()
      candidate.give(deltas, from, count)
      times[which][round] = Number(process.hrtime.bigint() - began) / 1e3 / count
    }
  }
  return candidates.map(({ name }, which) => {
    const ratios = times[which].map((time, round) => time / times[0][round])
    return { name, microseconds: median(times[which]), ratio: median(ratios) }
  })
}

function deltasIn(microseconds, candidate, deltas) {
  const some = 10
  const times = Float64Array.from({ length: 20 }, () => {
    const began = process.hrtime.bigint()
    candidate.give(deltas, 0, some)
    return Number(process.hrtime.bigint() - began) / 1e3
  })
  return Math.max(Math.round((microseconds * some) / median(times)), 1)
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
