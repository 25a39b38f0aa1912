/* SPDX-License-Identifier: GPL-2.0-only */
'use strict';
(function () {
  var maps = report.dataOf('maps');
  if (!maps) { return; }
  var picture = document.getElementById('map-picture'), slider = document.getElementById('map-time');
  var clock = document.getElementById('map-clock'), said = document.getElementById('map-said');
  var play = document.getElementById('map-play'), caption = document.getElementById('map-caption');
  var map = null, arcs = [], timer = null, width = 0;
  var svg = report.svg;

  function place(node, W, H, flat) {
    var room = 74;
    return [room + node.x * (W - 2 * room), H / 2 + (node.y - 0.5) * flat];
  }
  function draw() {
    picture.textContent = '';
    arcs = [];
    caption.textContent = map ? map.caption : 'There is no map of this run.';
    var empty = !map || !map.nodes;
    document.querySelector('.player').hidden = empty;
    if (empty) { said.textContent = ''; return; }
    width = Math.floor(picture.clientWidth);
    var W = Math.max(560, width || 900), ys = map.nodes.map(function (n) { return n.y; });
    var tall = Math.max.apply(null, ys) - Math.min.apply(null, ys);
    var flat = Math.min(W * 0.8, 620), bend = tall < 0.25 ? 120 : 60, H = Math.round(Math.max(150, tall * flat + 90 + bend));
    var root = svg('svg', { width: W, height: H, viewBox: '0 0 ' + W + ' ' + H, 'class': 'map' });
    root.setAttribute('role', 'img');
    root.setAttribute('aria-label', 'Map of ' + map.nodes.length + ' nodes');
    var at = map.nodes.map(function (n) { var p = place(n, W, H, flat); return [p[0], p[1] + bend / 4]; });
    map.links.forEach(function (link) {
      var a = at[link.ends[0]], b = at[link.ends[1]];
      var line = svg('line', { x1: a[0], y1: a[1], x2: b[0], y2: b[1], 'class': 'link' });
      line.append(svg('title', {}, link.name + ', ' + link.delay));
      root.append(line);
    });
    map.tunnels.forEach(function (tunnel) {
      var a = at[tunnel.ends[0]], b = at[tunnel.ends[1]], mx = (a[0] + b[0]) / 2, my = (a[1] + b[1]) / 2;
      var dx = b[0] - a[0], dy = b[1] - a[1], far = Math.hypot(dx, dy) || 1;
      var out = Math.max(24, Math.min(0.3 * far, bend)), nx = dy / far, ny = -dx / far;
      if (ny > 0) { nx = -nx; ny = -ny; }
      var arc = svg('path', { d: 'M' + a[0] + ' ' + a[1] + 'Q' + (mx + 2 * out * nx) + ' ' + (my + 2 * out * ny) + ' ' + b[0] + ' ' + b[1] });
      var title = svg('title', {});
      arc.append(title);
      root.append(arc);
      arcs.push([arc, title]);
    });
    var small = map.nodes.length > 40;
    map.nodes.forEach(function (node, i) {
      var group = svg('g', { 'class': 'place ' + node.kind });
      var x = at[i][0], y = at[i][1];
      if (node.kind === 'router' && !small) {
        var half = Math.max(24, 4.2 * node.name.length + 8);
        group.append(svg('rect', { x: x - half, y: y - 14, width: 2 * half, height: 28, rx: 7 }));
        group.append(svg('text', { x: x, y: y + 5, 'text-anchor': 'middle' }, node.name));
      } else {
        var big = node.kind === 'cloud' ? 20 : node.kind === 'router' ? 7 : small ? 4 : 6;
        group.append(node.kind === 'cloud' ? svg('ellipse', { cx: x, cy: y, rx: 34, ry: 18 }) : svg('circle', { cx: x, cy: y, r: big }));
        if (!small || node.kind === 'cloud') {
          group.append(svg('text', { x: x, y: node.kind === 'cloud' ? y + 4 : y + 22, 'text-anchor': 'middle', 'class': 'minor' }, node.name));
        }
      }
      group.append(svg('title', {}, node.name + ', ' + node.kind));
      root.append(group);
    });
    picture.append(root);
    show();
  }
  function show() {
    if (!map || !map.moments) { return; }
    var now = Number(slider.value);
    clock.textContent = map.moments[now].toFixed(map.moments[map.moments.length - 1] < 1000 ? 6 : 3) + ' s  (' + (now + 1) + ' of ' + map.moments.length + ')';
    map.tunnels.forEach(function (tunnel, i) {
      arcs[i][0].setAttribute('class', 'tunnel ' + map.states[tunnel.states[now]]);
      arcs[i][0].setAttribute('data-state', map.states[tunnel.states[now]]);
      arcs[i][1].textContent = map.words[tunnel.states[now]] + '. ' + map.texts[tunnel.said[now]];
    });
    var words = map.happened[now];
    said.textContent = words.length ? words.join('; ') + '.'
      : map.tunnels.length === 1 ? map.texts[map.tunnels[0].said[now]] + '.' : now === 0 ? 'The run begins.' : '\u00a0';
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = 'play';
  }
  play.addEventListener('click', function () {
    if (timer) { stop(); return; }
    if (Number(slider.value) === Number(slider.max)) { slider.value = 0; show(); }
    play.textContent = 'pause';
    timer = setInterval(function () {
      if (Number(slider.value) >= Number(slider.max)) { stop(); return; }
      slider.value = Number(slider.value) + 1;
      show();
    }, Math.max(60, Math.min(700, 20000 / map.moments.length)));
  });
  slider.addEventListener('input', show);
  report.onRun(function (number) {
    stop();
    map = maps[number];
    slider.max = map && map.moments ? map.moments.length - 1 : 0;
    slider.value = slider.max;
    draw();
  });
  new ResizeObserver(function () { if (Math.floor(picture.clientWidth) !== width) { draw(); } }).observe(picture);
})();
