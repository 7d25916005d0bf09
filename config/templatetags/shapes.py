"""The shape that goes with each tone, so that a state is told apart without colour."""

SHAPES = {  # paths on 16 × 16, filled evenodd
    "neutral": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3z",
    "waiting": "M3 1h10v2c0 2.5-2.5 4-3.5 5 1 1 3.5 2.5 3.5 5v2H3v-2c0-2.5 2.5-4 3.5-5C5.5 7 3 5.5"
    " 3 3zM5 3h6c0 1.5-2 3-3 3.8C7 6 5 4.5 5 3z",
    "active": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM6.3 4.5 12 8l-5.7 3.5z",
    "done": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM4.2 8.3l1.3-1.3 1.7 1.7 3.5-3.5L12 6.5l-4.8 4.8z",
    "warn": "M8 1l7.5 13.5H.5zM7.1 6v4.3h1.8V6zM7.1 11.4v1.7h1.8v-1.7z",
    "bad": "M4.8 1h6.4L15 4.8v6.4L11.2 15H4.8L1 11.2V4.8zM5.7 4.6 4.6 5.7 6.9 8l-2.3 2.3 1.1"
    " 1.1L8 9.1l2.3 2.3 1.1-1.1L9.1 8l2.3-2.3-1.1-1.1L8 6.9z",
    "off": "M2 2h12v12H2zM4.5 7v2h7V7z",
}
