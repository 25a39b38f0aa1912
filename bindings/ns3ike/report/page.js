/* SPDX-License-Identifier: GPL-2.0-only */
'use strict';
var report = (function () {
  var root = document.documentElement;

  function dataOf(name) {
    var element = document.getElementById('data-' + name);
    return element ? JSON.parse(element.textContent) : null;
  }

  /* Light, dark, or as the machine has it. */
  var modes = ['auto', 'light', 'dark'], mode = 0, repaint = [];
  var button = document.getElementById('theme');
  function showMode() {
    if (modes[mode] === 'auto') { root.removeAttribute('data-theme'); } else { root.dataset.theme = modes[mode]; }
    button.textContent = { auto: 'colours: auto', light: 'colours: light', dark: 'colours: dark' }[modes[mode]];
  }
  button.addEventListener('click', function () {
    mode = (mode + 1) % modes.length;
    showMode();
    repaint.forEach(function (f) { f(); });
  });
  showMode();
  matchMedia('(prefers-color-scheme:dark)').addEventListener('change', function () {
    repaint.forEach(function (f) { f(); });
  });

  /* What stands at the pointer. */
  var tip = document.getElementById('tip');
  function showTip(event, text) {
    tip.hidden = !text;
    if (!text) { return; }
    tip.textContent = text;
    var box = tip.getBoundingClientRect();
    tip.style.left = Math.max(6, Math.min(event.clientX + 14, innerWidth - box.width - 10)) + 'px';
    tip.style.top = (event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10
      : event.clientY + 18) + 'px';
  }

  /* Charts: specifications of Vega, with the colours of the day in place of their names. */
  var specifications = dataOf('charts') || {};
  function coloured(value, style) {
    if (typeof value === 'string' && value.slice(0, 2) === '--') { return style.getPropertyValue(value).trim(); }
    if (Array.isArray(value)) { return value.map(function (v) { return coloured(v, style); }); }
    if (value && typeof value === 'object') {
      var copy = {};
      Object.keys(value).forEach(function (k) { copy[k] = coloured(value[k], style); });
      return copy;
    }
    return value;
  }
  function drawChart(element) {
    var specification = coloured(specifications[element.dataset.chart], getComputedStyle(root));
    var view = null, width = 0;
    view = new vega.View(vega.parse(specification, null, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: 'svg', container: element, hover: false,
      logLevel: vega.Warn, tooltip: function (handler, event, item, value) { showTip(event, value || ''); }
    });
    function fit() {
      var now = Math.floor(element.clientWidth);
      if (now > 0 && now !== width) {
        width = now;
        view.signal('W', now).resize().runAsync().then(function () { element.dataset.drawn = now; });
      }
    }
    var observer = new ResizeObserver(fit);
    observer.observe(element);
    fit();
    return function () { observer.disconnect(); view.finalize(); element.textContent = ''; };
  }
  document.querySelectorAll('.chart[data-chart]:not(.still)').forEach(function (element) {
    var drop = drawChart(element);
    repaint.push(function () { drop(); drop = drawChart(element); });
  });

  /* Elements; what is text stays text. */
  function svg(name, attributes, text) {
    var element = document.createElementNS('http://www.w3.org/2000/svg', name);
    Object.keys(attributes).forEach(function (k) { element.setAttribute(k, attributes[k]); });
    if (text !== undefined) { element.textContent = text; }
    return element;
  }
  function html(name, text, kind) {
    var element = document.createElement(name);
    element.textContent = text;
    if (kind) { element.className = kind; }
    return element;
  }

  /* The run that all sections show. */
  var listeners = [], choosers = document.querySelectorAll('.run-chooser');
  function show(number) {
    choosers.forEach(function (c) { c.value = number; });
    document.querySelectorAll('[data-exhibit]').forEach(function (element) {
      element.hidden = Number(element.dataset.exhibit) !== number;
    });
    listeners.forEach(function (f) { f(number); });
  }
  choosers.forEach(function (c) { c.addEventListener('change', function () { show(Number(c.value)); }); });
  addEventListener('load', function () { show(0); });

  return { dataOf: dataOf, svg: svg, html: html, onRun: function (f) { listeners.push(f); } };
})();
