// The deltas that are handed over, as a server has them: with the context of the vessel, and with source
// and time in each update.

import { readFileSync } from 'node:fs'

export const OWN = 'vessels.urn:mrn:imo:mmsi:230099999'
const OTHER = 'vessels.urn:mrn:imo:mmsi:244000123'
const FLEET = 100

// Different ones in turn, so that nothing that was read once is of use for the next.
const VARIANTS = 64

const LABEL = 'n2k-can0'
const GPS = { label: LABEL, type: 'NMEA2000', pgn: 129025, src: '3', deviceInstance: 0 }
const WIND = { label: LABEL, type: 'NMEA2000', pgn: 130306, src: '105', deviceInstance: 0 }
const ENGINE = { label: LABEL, type: 'NMEA2000', pgn: 127489, src: '17', deviceInstance: 0 }
const AIS = { label: LABEL, type: 'NMEA2000', pgn: 129038, src: '43' }

const kinds = {
  // Wanted, own position.
  own: (i) =>
    delta(OWN, GPS, i, [
      ['navigation.position', { latitude: 60.1 + i * 0.0001237, longitude: 24.9 + i * 0.0000931 }]
    ]),
  // Unwanted, two values.
  two: (i) =>
    delta(OWN, WIND, i, [
      ['environment.wind.speedApparent', 7.7 + i * 0.01],
      ['environment.wind.angleApparent', 0.7 + i * 0.0013]
    ]),
  // Unwanted, thirty values.
  thirty: (i) => {
    const of = (n) => [`propulsion.port.sensor${n}.temperature`, 290.15 + n + i * 0.01]
    return delta(OWN, ENGINE, i, Array.from({ length: 30 }, (_, n) => of(n)))
  },
  // Another vessel's position.
  other: (i) =>
    delta(OTHER, AIS, i, [
      ['navigation.position', { latitude: 59.9 + i * 0.0001237, longitude: 24.7 + i * 0.0000931 }],
      ['navigation.speedOverGround', 5.1 + i * 0.01],
      ['sensors.ais.class', 'A']
    ]),
  // Of many vessels in turn, as AIS brings them.
  fleet: (i) =>
    delta(`vessels.urn:mrn:imo:mmsi:${244000000 + i}`, AIS, i, [
      ['navigation.position', { latitude: 59.9 + i * 0.0001237, longitude: 24.7 + i * 0.0000931 }],
      ['navigation.speedOverGround', 5.1 + i * 0.01],
      ['navigation.courseOverGroundTrue', 1.1 + i * 0.01]
    ])
}

export function deltasOf(name, bus) {
  if (name === 'bus') return readFileSync(bus, 'utf8').trimEnd().split('\n').map(fromBus)
  const length = name === 'fleet' ? FLEET : VARIANTS
  return Array.from({ length }, (_, i) => kinds[name](i))
}

function delta(context, source, i, values) {
  const timestamp = time(i)
  const $source = `${source.label}.${source.src}`
  values = values.map(([path, value]) => ({ path, value: rounded(value) }))
  return { context, updates: [{ source, $source, timestamp, values }] }
}

// As the server completes what comes on the bus.
function fromBus(line, i) {
  const delta = JSON.parse(line)
  if (delta.context === 'vessels.self') delta.context = OWN
  for (const update of delta.updates) {
    // Of the one receiver that there is, for the SDK takes values of one source at a time.
    update.$source = update.$source.replace('can0', LABEL)
    update.timestamp = time(i)
  }
  return delta
}

function time(i) {
  return new Date(Date.UTC(2026, 10, 30, 12) + i).toISOString()
}

function rounded(value) {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number(value.toFixed(4))
  const round = ([key, value]) => [key, Number(value.toFixed(7))]
  return Object.fromEntries(Object.entries(value).map(round))
}
