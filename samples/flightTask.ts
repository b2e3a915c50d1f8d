import type { Value } from './draft.ts';

/** The story that `agentRun`, `errorRun` and `openRun` tell. Airlines and people are invented. */

export const TASK =
  'Find the cheapest direct flight from Oslo to Lisbon in March, cabin bag included, and hold an aisle seat for me.';

export const SYSTEM_PROMPT = `You are a travel agent who works step by step.
Think aloud in one or two sentences, then call a tool. Compare what a trip costs in the end, not what it costs at first sight:
bags, seats and currency count. Never pay: you may hold a seat, the traveller confirms.
Tools: search_flights, fare_rules, calendar_conflicts, hold_seat.`;

export interface PlannedCall {
  name: string;
  /** Typical duration in milliseconds. */
  takes: number;
  arguments: { readonly [key: string]: Value };
  result: Value;
}

export interface PlannedIteration {
  recalled: readonly { readonly text: string; readonly score: number }[];
  thought: string;
  options: readonly string[];
  chosen: string;
  calls: readonly PlannedCall[];
  stored: string;
}

const FLIGHTS: Value = {
  currency_note: 'prices in the currency of the airline',
  flights: [
    {
      id: 'PF1412-0311',
      airline: 'Puffin Air',
      departs: '2027-03-11T06:50+01:00',
      arrives: '2027-03-11T10:05+00:00',
      fare: 'Light',
      price: 74,
      currency: 'EUR',
    },
    {
      id: 'ZJ2206-0313',
      airline: 'Azulejo Airways',
      departs: '2027-03-13T17:20+01:00',
      arrives: '2027-03-13T20:40+00:00',
      fare: 'Basic',
      price: 96,
      currency: 'EUR',
    },
    {
      id: 'TN873-0310',
      airline: 'Tindefly',
      departs: '2027-03-10T12:30+01:00',
      arrives: '2027-03-10T15:50+00:00',
      fare: 'Smart',
      price: 1189,
      currency: 'NOK',
    },
  ],
  skipped: { with_stops: 41, sold_out: 2 },
};

export const ITERATIONS: readonly PlannedIteration[] = [
  {
    recalled: [
      { text: 'Travels with one cabin bag, never checks luggage.', score: 0.91 },
      { text: 'Prefers the aisle, towards the front.', score: 0.88 },
      { text: 'Lives 40 minutes from Oslo airport by train.', score: 0.63 },
    ],
    thought: 'I need every direct flight from Oslo to Lisbon in March before I can compare anything.',
    options: ['search_flights', 'calendar_conflicts', 'ask_traveller'],
    chosen: 'search_flights',
    calls: [
      {
        name: 'search_flights',
        takes: 640,
        arguments: {
          origin: 'OSL',
          destination: 'LIS',
          from: '2027-03-01',
          to: '2027-03-31',
          direct: true,
          sort: 'price',
          limit: 3,
        },
        result: FLIGHTS,
      },
    ],
    stored: '3 direct flights found; Puffin Air 11 March looks cheapest at 74 EUR.',
  },
  {
    recalled: [{ text: 'Was charged 45 EUR for a bag at the gate in 2025 and was not amused.', score: 0.84 }],
    thought:
      'A Light fare seldom includes a cabin bag. I will read the fare rules of all three at once before I trust the 74 EUR.',
    options: ['fare_rules', 'hold_seat', 'search_flights'],
    chosen: 'fare_rules',
    calls: [
      {
        name: 'fare_rules',
        takes: 410,
        arguments: { flight_id: 'PF1412-0311', include: ['cabin_bag', 'seat'] },
        result: { cabin_bag: { included: false, price: 39, currency: 'EUR' }, seat: { aisle: 12, currency: 'EUR' } },
      },
      {
        name: 'fare_rules',
        takes: 520,
        arguments: { flight_id: 'ZJ2206-0313', include: ['cabin_bag', 'seat'] },
        result: { cabin_bag: { included: true }, seat: { aisle: 0, currency: 'EUR' } },
      },
      {
        name: 'fare_rules',
        takes: 350,
        arguments: { flight_id: 'TN873-0310', include: ['cabin_bag', 'seat'], convert_to: 'EUR' },
        result: { cabin_bag: { included: true }, seat: { aisle: 8.6, currency: 'EUR' }, price_converted: 102.32 },
      },
    ],
    stored: 'With bag and aisle seat: Azulejo Airways 96.00 EUR, Tindefly 110.92 EUR, Puffin Air 125.00 EUR.',
  },
  {
    recalled: [{ text: 'Skis on Saturdays in winter when the snow is good.', score: 0.71 }],
    thought:
      'Azulejo Airways on Saturday 13 March is now the cheapest at 96 EUR. It is a Saturday, so I will look for conflicts in the calendar.',
    options: ['calendar_conflicts', 'hold_seat'],
    chosen: 'calendar_conflicts',
    calls: [
      {
        name: 'calendar_conflicts',
        takes: 180,
        arguments: { from: '2027-03-13T15:30+01:00', to: '2027-03-14T00:00+00:00', travel_buffer_minutes: 100 },
        result: {
          conflicts: [],
          nearby: [{ title: 'Ski race, children’s class', ends: '2027-03-13T14:00+01:00' }],
        },
      },
    ],
    stored: 'No conflict on 13 March: the ski race ends at 14:00, the train to the airport leaves at 14:40.',
  },
  {
    recalled: [{ text: 'Prefers the aisle, towards the front.', score: 0.93 }],
    thought: 'Everything fits. I hold an aisle seat on ZJ2206 for 24 hours and leave the payment to the traveller.',
    options: ['hold_seat', 'search_flights'],
    chosen: 'hold_seat',
    calls: [
      {
        name: 'hold_seat',
        takes: 910,
        arguments: { flight_id: 'ZJ2206-0313', seat: { kind: 'aisle', rows: [4, 12] }, hold_hours: 24 },
        result: {
          held: true,
          seat: '7C',
          reference: 'K7QX2M',
          expires: '2026-11-24T09:30:06Z',
          total: 96,
          currency: 'EUR',
        },
      },
    ],
    stored: 'Seat 7C held under K7QX2M until 24 November.',
  },
  {
    recalled: [{ text: 'Likes short answers with the total in bold.', score: 0.79 }],
    thought:
      'Held: seat **7C** on Azulejo Airways ZJ2206, Saturday 13 March, 17:20 to 20:40, **96.00 EUR in all**, cabin bag included. ' +
      'Puffin Air looked cheaper at 74 EUR, but comes to 125 EUR with bag and seat. Reference K7QX2M; please confirm by tomorrow 09:30 UTC.',
    options: ['final_answer', 'search_flights'],
    chosen: 'final_answer',
    calls: [],
    stored: 'Compares totals, not fares: the 74 EUR ticket would have cost 125 EUR.',
  },
];
