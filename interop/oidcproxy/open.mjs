#!/usr/bin/env node
// A browser for programs that open one: it allows what it is asked, signs in, and follows to the program's own callback. Usage: open.mjs LINK
import { Browser } from "./lib.mjs";

const { page } = await new Browser().go(process.argv[2]);
if (page?.status !== 200) throw new Error(`${page?.url} answered ${page?.status}`);
