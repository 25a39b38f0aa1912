/* SPDX-License-Identifier: GPL-2.0-only */
'use strict';
(function () {
  var runs = report.dataOf('ladders');
  if (!runs) { return; }
  var picture = document.getElementById('ladder-picture');
  var details = document.getElementById('ladder-details');
  var caption = document.getElementById('ladder-caption');
  var pairs = document.getElementById('ladder-pair'), head = document.getElementById('ladder-head');
  var run = 0, pair = 0, chosen = null, width = 0;
  var svg = report.svg, html = report.html;

  function time(t, digits) { return t.toFixed(digits === undefined ? 6 : digits) + '\u00a0s'; }
  function span(s) {
    return s < 1e-3 ? (s * 1e6).toFixed(0) + ' \u00b5s' : s < 1 ? (s * 1e3).toFixed(1) + ' ms'
      : s < 120 ? s.toFixed(3) + ' s' : s < 7200 ? (s / 60).toFixed(1) + ' min' : (s / 3600).toFixed(2) + ' h';
  }

  /* What was chosen, in words. */
  function show(title, rows, list) {
    details.textContent = '';
    details.append(html('h4', title));
    var facts = html('dl', '', 'facts');
    rows.forEach(function (row) {
      if (row[1] !== '' && row[1] !== undefined) { facts.append(html('dt', row[0]), html('dd', String(row[1]))); }
    });
    details.append(facts);
    if (list) {
      var items = html('ol', '', 'payloads');
      list.forEach(function (line) {
        var cut = line.indexOf('(');
        var item = html('li', '');
        item.append(html('b', cut > 0 ? line.slice(0, cut) : line));
        if (cut > 0) { item.append(html('span', line.slice(cut + 1).replace(/\)$/, ''))); }
        items.append(item);
      });
      details.append(items);
    }
    details.scrollTop = 0;
  }
  function choose(group) {
    if (chosen) { chosen.classList.remove('chosen'); }
    chosen = group;
    group.classList.add('chosen');
  }
  function showMessage(group, ladder, arrow) {
    choose(group);
    var sa = runs[run].sas[arrow.isakmp] || {};
    var protectedBy = arrow.payloads.slice(0, 4) === 'HDR*' && sa.key
      ? sa.algorithms + ', key ' + sa.key : arrow.payloads.slice(0, 4) === 'HDR*' ? 'encrypted' : 'in the clear';
    var cookies = /([0-9a-f]{16}):([0-9a-f]{16}) message-id ([0-9a-f]{8})/.exec(arrow.heading) || [];
    show(arrow.name + (arrow.again ? ', sent again' : '') + (arrow.copy ? ', a copy' : '') + (arrow.lost ? ', lost' : '') + (arrow.dropped ? ', thrown away' : ''), [
      ['way', ladder.nodes[arrow.from] + ' \u2192 ' + ladder.nodes[1 - arrow.from]],
      ['exchange', arrow.exchange + ' of ' + arrow.isakmp],
      ['sent', time(arrow.t0)],
      ['arrived', arrow.t1 === null ? (arrow.lost ? 'never' : 'not before the end of the run') : 'after ' + span(arrow.t1 - arrow.t0)],
      ['thrown away', arrow.dropped || ''],
      ['size', arrow.octets + ' octets'],
      ['protection', protectedBy],
      ['cookies', cookies[1] ? cookies[1] + ' ' + cookies[2] : ''],
      ['message ID', cookies[3] && cookies[3] !== '00000000' ? cookies[3] : '']
    ], arrow.content.length ? arrow.content : arrow.payloads.split(', ').slice(1));
  }
  function spans(list) {
    return list.length ? list.map(function (s) { return time(s[0], 3) + ' to ' + time(s[1], 3); }).join(', ') : 'never';
  }
  function showSa(group, name) {
    var sa = runs[run].sas[name];
    choose(group);
    if (!sa) { show(name, [['life', 'it never stood, or it is not among those that are listed']]); return; }
    var many = sa.surplus[0].length + sa.surplus[1].length > 0;
    show(name + (many ? ', too many' : ''), [
      ['begun by', sa.initiator], ['algorithms', sa.algorithms], ['key', sa.key],
      ['at ' + sa.ends[0], spans(sa.lives[0])], ['at ' + sa.ends[1], spans(sa.lives[1])],
      ['too many', many ? sa.ends[0] + ': ' + spans(sa.surplus[0]) + '; ' + sa.ends[1] + ': ' + spans(sa.surplus[1]) : 'never'],
      ['packets', name.slice(0, 4) === 'PAIR' ? sa.packets : '']
    ]);
  }

  function press(group, act) {
    group.setAttribute('tabindex', '0');
    group.setAttribute('role', 'button');
    group.addEventListener('click', act);
    group.addEventListener('keydown', function (event) {
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); act(); }
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        var all = Array.prototype.slice.call(picture.querySelectorAll('g.message'));
        var next = all[all.indexOf(group) + (event.key === 'ArrowDown' ? 1 : -1)];
        if (next) { event.preventDefault(); next.focus(); next.dispatchEvent(new Event('click')); }
      }
    });
  }

  function draw() {
    var ladder = runs[run].ladders[pair];
    picture.textContent = '';
    head.textContent = '';
    caption.textContent = ladder ? ladder.caption : 'This run has no message.';
    details.textContent = '';
    details.append(html('p', 'Choose a message or an SA.', 'note'));
    chosen = null;
    if (!ladder) { return; }
    var W = Math.max(820, Math.floor(picture.parentNode.clientWidth) || 900);
    width = Math.floor(picture.parentNode.clientWidth);
    var left = 304, right = W - 244, top = 2;
    var root = svg('svg', { width: W, height: ladder.height + top, viewBox: '0 0 ' + W + ' ' + (ladder.height + top), 'class': 'ladder' });
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', 'Messages between ' + ladder.nodes.join(' and '));
    var x = [left, right];
    var names = svg('svg', { width: W, height: 42, viewBox: '0 0 ' + W + ' 42', 'class': 'ladder' });
    [0, 1].forEach(function (side) {
      names.append(svg('line', { x1: x[side], x2: x[side], y1: 34, y2: 42, 'class': 'life' }));
      names.append(svg('rect', { x: x[side] - 62, y: 4, width: 124, height: 30, rx: 7, 'class': 'node' }));
      names.append(svg('text', { x: x[side], y: 24, 'text-anchor': 'middle', 'class': 'node-name' }, ladder.nodes[side]));
      root.append(svg('line', { x1: x[side], x2: x[side], y1: 0, y2: ladder.height + top - 4, 'class': 'life' }));
    });
    axis(root, names, ladder, top);
    head.append(names);
    ladder.cuts.forEach(function (y) {
      root.append(svg('text', { x: (left + right) / 2, y: y + top, 'text-anchor': 'middle', 'class': 'soft' }, 'silence, not to scale'));
      x.forEach(function (at) {
        root.append(svg('rect', { x: at - 7, y: y + top - 9, width: 14, height: 9, 'class': 'gap' }));
        root.append(svg('path', { d: 'M' + (at - 6) + ' ' + (y + top - 6) + 'l12 -6m-12 12l12 -6', 'class': 'life' }));
      });
    });
    var last = [-1000, -1000];
    var lines = ladder.arrows.map(function (arrow, number) {
      var clear = arrow.y0 - last[arrow.from];
      last[arrow.from] = arrow.y0;
      return arrowInto(root, ladder, arrow, number, x, top, clear < 3 ? 7 : 0);
    });
    // Only what is on the page has a length.
    picture.append(root);
    var taken = [];
    lines.forEach(function (line) { if (!line.arrow.copy) { labelInto(line, lines, taken); } });
    ladder.notes.forEach(function (note) { noteInto(root, note, x, top); });
  }
  function axis(root, names, ladder, top) {
    var first = Math.min.apply(null, ladder.arrows.map(function (a) { return a.t0; }).concat(ladder.notes.map(function (n) { return n.t; })));
    var end = Math.max.apply(null, ladder.arrows.map(function (a) { return a.t0; }));
    var before = -100, said = '';
    ladder.arrows.map(function (a) { return [a.y0, a.t0]; }).sort(function (a, b) { return a[0] - b[0]; }).forEach(function (at) {
      if (at[0] - before < 13) { return; }
      var text = end - first < 20 ? ((at[1] - first) * 1e3).toFixed(1) + ' ms' : (at[1] - first).toFixed(3) + ' s';
      if (text === said) { return; }
      before = at[0];
      said = text;
      root.append(svg('text', { x: 72, y: at[0] + top + 4, 'text-anchor': 'end', 'class': 'tick' }, '+' + text));
    });
    names.append(svg('text', { x: 72, y: 24, 'text-anchor': 'end', 'class': 'tick' }, 'from ' + first.toFixed(first < 1000 ? 2 : 0) + ' s'));
  }
  function arrowInto(root, ladder, arrow, number, x, top, shift) {
    var x1 = x[arrow.from], x2 = x[1 - arrow.from], y1 = arrow.y0 + top + shift, part = arrow.y1 === null ? 0.55 : 1;
    x2 = x1 + part * (x2 - x1);
    var y2 = arrow.y1 === null ? y1 + 34 : Math.max(y1, arrow.y1 + top + shift);
    var towards = arrow.from === 0 ? 1 : -1, angle = Math.atan2(y2 - y1, (x2 - x1) * towards) * 180 / Math.PI;
    var group = svg('g', { 'class': 'message by' + arrow.initiator + (arrow.again ? ' again' : '') + (arrow.copy ? ' copy' : ''), 'data-message': number });
    group.append(svg('title', {}, arrow.name + ' ' + arrow.payloads));
    group.append(svg('line', { x1: x1, y1: y1, x2: x2, y2: y2, 'class': 'hit' }));
    group.append(svg('line', { x1: x1, y1: y1, x2: x2 - (part === 1 ? towards * 8 : 0), y2: y2, 'class': 'arrow' }));
    if (part === 1) {
      group.append(svg('path', { d: 'M0 0L-11 -4.2L-8.5 0L-11 4.2Z', 'class': 'head',
        transform: 'translate(' + (x2 - towards) + ' ' + y2 + ') rotate(' + (towards > 0 ? angle : 180 - angle) + ')' }));
    } else if (arrow.lost) {
      group.append(svg('path', { d: 'M' + (x2 - 6) + ' ' + (y2 - 6) + 'l12 12m0 -12l-12 12', 'class': 'lost' }));
      group.append(svg('text', { x: x2 + towards * 12, y: y2 + 4, 'text-anchor': towards > 0 ? 'start' : 'end', 'class': 'lost-name' }, 'lost'));
    }
    if (arrow.dropped) {
      group.append(svg('circle', { cx: x2 - towards * 2, cy: y2, r: 6, 'class': 'lost' }));
    }
    press(group, function () { showMessage(group, ladder, arrow); });
    root.append(group);
    return { arrow: arrow, group: group, x1: x1, y1: y1, x2: x2, towards: towards, angle: angle, slope: (y2 - y1) / Math.abs(x2 - x1) };
  }
  /* A label lies along its arrow, near the sender, where it covers least of other arrows and labels. */
  function labelInto(line, lines, taken) {
    var label = svg('text', { 'text-anchor': line.towards > 0 ? 'start' : 'end', 'class': 'label' });
    label.append(svg('tspan', { 'class': 'name' }, line.arrow.name + (line.arrow.again ? ' again' : '')),
      svg('tspan', {}, '\u2002' + line.arrow.short));
    line.group.append(label);
    var length = label.getComputedTextLength() || 7 * label.textContent.length, best = null;
    [-9, 9].forEach(function (aside) {
      [28, 56, 84, 120].forEach(function (away) {
        if (away > 28 && away + length > Math.abs(line.x2 - line.x1) - 12) { return; }
        var points = [], cost = away / 100 + (aside > 0 ? 0.5 : 0);
        for (var d = away; d <= away + length; d += 8) {
          // The other half is for labels of the other end.
          if (2 * d > Math.abs(line.x2 - line.x1)) { cost += 0.7; }
          points.push([line.x1 + line.towards * d, line.y1 + line.slope * d + aside]);
        }
        points.forEach(function (p) {
          lines.forEach(function (other) {
            var d = (p[0] - other.x1) * other.towards;
            if (other !== line && d >= 0 && d <= Math.abs(other.x2 - other.x1)
                && Math.abs(other.y1 + other.slope * d - p[1]) < 7) { cost += 1; }
          });
          taken.forEach(function (q) { if (Math.abs(p[0] - q[0]) < 8 && Math.abs(p[1] - q[1]) < 12) { cost += 3; } });
        });
        if (!best || cost < best.cost) { best = { cost: cost, points: points, away: away, aside: aside }; }
      });
    });
    taken.push.apply(taken, best.points);
    var lx = line.x1 + line.towards * best.away, ly = line.y1 + line.slope * best.away + (best.aside > 0 ? 13 : -5);
    label.setAttribute('x', lx);
    label.setAttribute('y', ly);
    label.setAttribute('transform', 'rotate(' + line.towards * line.angle + ' ' + lx + ' ' + ly + ')');
  }
  function noteInto(root, note, x, top) {
    var y = note.y + top + 4, at = note.side === 0 ? x[0] - 12 : x[1] + 12;
    var text = svg('text', { x: at, y: y, 'text-anchor': note.side === 0 ? 'end' : 'start',
      'class': 'note-text' + (note.up ? ' up' : '') + (note.refused ? ' refused' : '') }, note.text);
    if (!note.sa) { root.append(text); return; }
    var group = svg('g', { 'class': 'sa', 'data-sa': note.sa });
    group.append(text);
    if (note.up) { group.append(svg('circle', { cx: x[note.side], cy: note.y + top, r: 4, 'class': 'dot' })); }
    press(group, function () { showSa(group, note.sa); });
    root.append(group);
  }

  function fillPairs() {
    pairs.textContent = '';
    runs[run].ladders.forEach(function (ladder, i) {
      var option = html('option', ladder.nodes.join(' and '));
      option.value = i;
      pairs.append(option);
    });
    document.getElementById('ladder-pairs').hidden = runs[run].ladders.length < 2;
    pair = 0;
  }
  pairs.addEventListener('change', function () { pair = Number(pairs.value); draw(); });
  report.onRun(function (number) { run = number; fillPairs(); draw(); });
  new ResizeObserver(function () { if (Math.floor(picture.parentNode.clientWidth) !== width) { draw(); } }).observe(picture);
})();
