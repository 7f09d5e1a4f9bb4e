/* SPDX-License-Identifier: MIT */
/*
 * The only style sheet. The content policy names it by its SHA-256, which a test recomputes: after
 * a change the test prints the new one. Print is always light; colour pairs have a contrast of at
 * least 4.5 (WCAG 2.1, 1.4.3).
 */
#include "report/html/html.h"

const char html_policy[] =
    "default-src 'none'; style-src 'sha256-325sb2lwaeuyC/1CdSaB5jv+465b4CxDdUZhFf/M4oM='; "
    "base-uri 'none'; form-action 'none'";

#define DARK                                                                                       \
    "--bg:#16171a;--fg:#e8e8ec;--soft:#b4b6be;--panel:#212328;--line:#50535c;--pass:#74dc90;"      \
    "--fail:#ff9d97;--open:#f3c969;--link:#9cc4ff;"

const char html_style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1b1c20;--soft:#53555c;--panel:#f3f4f6;"
    "--line:#b9bbc3;--pass:#0a652b;--fail:#ad1219;--open:#704600;--link:#0b4fa8}\n"
    "@media screen and (prefers-color-scheme:dark){:root{" DARK "}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.45 system-ui,sans-serif;"
    "overflow-wrap:anywhere}\n"
    "th,td{overflow-wrap:break-word}td:nth-child(2),td:last-child{overflow-wrap:anywhere}"
    "td:last-child{min-width:6.5rem}\n"
    "main,footer{max-width:64rem;margin:0 auto;padding:1rem}\n"
    "h1{font-size:1.5rem;margin:0 0 .25rem}\n"
    "h2{font-size:1.2rem;margin:1.6rem 0 .5rem;border-bottom:1px solid var(--line)}\n"
    "h3{font-size:1.1rem;margin:1.5rem 0 .4rem}h4{font-size:1rem;margin:1.2rem 0 .3rem}\n"
    "p,ol,ul,dl{margin:.4rem 0}\n"
    "a{color:var(--link)}\n"
    ".soft,footer,caption,figcaption{color:var(--soft)}\n"
    ".verdict{border:3px double;border-radius:.5rem;background:var(--panel);padding:.6rem 1rem;"
    "margin:.8rem 0}\n"
    ".verdict strong{font-size:1.5rem;letter-spacing:.03em}\n"
    ".pass{color:var(--pass)}.fail{color:var(--fail)}.open{color:var(--open)}"
    ".info{color:var(--soft)}\n"
    ".verdict p,.verdict li{color:var(--fg)}\n"
    ".mark{font-weight:600;white-space:nowrap}\n"
    "dl.host{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}\n"
    "dl.host dt{color:var(--soft)}dl.host dd{margin:0}\n"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}\n"
    "caption{text-align:left;padding:.2rem 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;"
    "border-bottom:1px solid var(--line)}\n"
    "th{font-weight:600}thead th{color:var(--soft)}\n"
    ".number{text-align:right;font-variant-numeric:tabular-nums}\n"
    "code{font-family:ui-monospace,monospace;font-size:.92em}\n"
    "figure{margin:.8rem 0}\n"
    "svg{display:block;width:100%;max-width:30rem;height:auto;font:12px system-ui,sans-serif}\n"
    "figcaption{font-size:.9rem;margin:.3rem 0}\n"
    ".wide{overflow-x:auto}\n"
    "svg text{fill:var(--fg);unicode-bidi:isolate}\n"
    "svg .title{font-weight:600}svg .soft{fill:var(--soft)}\n"
    "svg .pass{fill:var(--pass)}svg .fail{fill:var(--fail)}svg .open{fill:var(--open)}\n"
    "svg .box{fill:var(--panel);stroke:var(--line)}\n"
    "svg .none{fill:none;stroke:var(--fg);stroke-dasharray:5 3}\n"
    "svg .bar{fill:var(--link)}svg .track{fill:var(--panel);stroke:var(--line)}\n"
    ":focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
    "@media "
    "(max-width:40rem){main,footer{padding:.75rem}table{font-size:.85rem}th,td{padding:.25rem "
    ".2rem}"
    "td:last-child{min-width:5rem}th[scope=row]{overflow-wrap:anywhere;min-width:5.5rem}"
    "dl.host{grid-template-columns:1fr}dl.host dd{margin:0 0 .3rem}}\n"
    "@media screen and (max-width:40rem){.wide table{min-width:36rem}}\n"
    "@page{size:A4;margin:12mm}\n"
    "@media "
    "print{html{font-size:9pt}body{font-size:1rem;line-height:1.3}main,footer{max-width:none;"
    "padding:0}"
    ".summary{break-after:page}h2,h3,h4{margin:.7rem 0 .25rem}h2,h3,h4{break-after:avoid}"
    "tr,figure,li{break-inside:avoid}th,td{padding:.12rem .4rem}svg{max-width:24rem}"
    ".wide{overflow:visible}"
    "a{color:inherit}}\n";
