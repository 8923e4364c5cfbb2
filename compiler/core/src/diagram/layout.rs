//! Places for boxes and lines, in layers from top to bottom.
//!
//! The steps are those of Sugiyama, Tagawa and Toda: lines that lead back are turned round; every box gets a layer below
//! all that lead to it; lines that cross layers are cut into pieces, one for each; the layers are sorted so that few
//! lines cross; and x is found as by Brandes and Köpf, which keeps long lines straight. Layers of boxes alternate with
//! layers of words, so that every line has room for its label. The cost is about linear in boxes and pieces of lines.

use std::collections::HashSet;

/// Room between two boxes of a layer, and between the pieces of two lines.
const BOX_GAP: f64 = 34.0;
const LINE_GAP: f64 = 18.0;
/// Room between two layers.
const LAYER_GAP: f64 = 17.0;

/// How large something is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A line from one box to another, and the room that its words take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: Size,
    /// Others are kept straight before this one is.
    pub(super) is_weak: bool,
}

/// Where everything is.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The middle of each box.
    pub(super) boxes: Vec<Point>,
    /// The way of each line, in its direction, and the middle of its words. Between two points of the same x it is
    /// straight, otherwise a curve that begins and ends upright.
    pub(super) lines: Vec<(Vec<Point>, Point)>,
    pub(super) size: Size,
}

/// The layer of each box: below all that lead to it, but for lines that lead back.
pub(super) fn layers(count: usize, lines: &[Line], start: Option<usize>) -> Vec<usize> {
    Ranking::new(count, lines, start).layers
}

/// Gives boxes and lines their places. The line of a box to itself is none of its business.
pub(super) fn layout(sizes: &[Size], lines: &[Line], start: Option<usize>) -> Layout {
    if sizes.is_empty() {
        return Layout::default();
    }
    let ranking = Ranking::new(sizes.len(), lines, start);
    let mut pieces = Pieces::new(sizes, lines, &ranking);
    pieces.sort();
    let x = Alignment::new(&pieces).coordinates();
    pieces.place(sizes, lines, &ranking, &x)
}

/// Layers, and which lines lead back.
struct Ranking {
    layers: Vec<usize>,
    leads_back: Vec<bool>,
}

impl Ranking {
    fn new(count: usize, lines: &[Line], start: Option<usize>) -> Self {
        let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.from != line.to) {
            out[line.from].push(number);
        }
        let leads_back = back_lines(&out, lines, start);
        // What leads to a box, with lines that lead back turned round.
        let ends = |number: usize| match leads_back[number] {
            true => (lines[number].to, lines[number].from),
            false => (lines[number].from, lines[number].to),
        };
        let forward: Vec<(usize, usize)> =
            (0..lines.len()).filter(|number| lines[*number].from != lines[*number].to).map(ends).collect();
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut waits_for = vec![0_usize; count];
        for (top, bottom) in &forward {
            below[*top].push(*bottom);
            waits_for[*bottom] += 1;
        }
        let is_source: Vec<bool> = waits_for.iter().map(|number| *number == 0).collect();
        let mut layers = vec![0_usize; count];
        let mut ready: Vec<usize> = (0..count).filter(|node| is_source[*node]).collect();
        while let Some(node) = ready.pop() {
            for next in &below[node] {
                layers[*next] = layers[*next].max(layers[node] + 1);
                waits_for[*next] -= 1;
                if waits_for[*next] == 0 {
                    ready.push(*next);
                }
            }
        }
        // What nothing leads to stands right above what it leads to, not at the top.
        for node in (0..count).filter(|node| is_source[*node] && Some(*node) != start) {
            if let Some(first) = below[node].iter().map(|next| layers[*next]).min() {
                layers[node] = first.saturating_sub(1);
            }
        }
        Self { layers, leads_back }
    }
}

/// The lines that lead back to a box on the way to them.
fn back_lines(out: &[Vec<usize>], lines: &[Line], start: Option<usize>) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Above,
        Done,
    }
    let mut leads_back = vec![false; lines.len()];
    let mut seen = vec![Seen::No; out.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    for root in start.into_iter().chain(0..out.len()) {
        if seen[root] != Seen::No {
            continue;
        }
        seen[root] = Seen::Above;
        open.push((root, 0));
        while let Some((node, followed)) = open.last_mut() {
            let Some(number) = out[*node].get(*followed) else {
                seen[*node] = Seen::Done;
                open.pop();
                continue;
            };
            *followed += 1;
            let to = lines[*number].to;
            match seen[to] {
                Seen::Above => leads_back[*number] = true,
                Seen::Done => {}
                Seen::No => {
                    seen[to] = Seen::Above;
                    open.push((to, 0));
                }
            }
        }
    }
    leads_back
}

/// Boxes and pieces of lines in their layers. Boxes stand in the even ones.
struct Pieces {
    /// Of each piece: how large it is, and its layer. The boxes come first.
    sizes: Vec<Size>,
    layer_of: Vec<usize>,
    boxes: usize,
    /// Whether each belongs to a weak line.
    is_weak: Vec<bool>,
    /// The pieces that each is joined to in the layer above, and below.
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    /// The pieces of each line from top to bottom, boxes not counted.
    chains: Vec<Vec<usize>>,
    layers: Vec<Vec<usize>>,
    /// Where each stands in its layer.
    position: Vec<usize>,
}

impl Pieces {
    fn new(sizes: &[Size], lines: &[Line], ranking: &Ranking) -> Self {
        let boxes = sizes.len();
        let mut pieces = Self {
            sizes: sizes.to_vec(),
            layer_of: ranking.layers.iter().map(|layer| layer * 2).collect(),
            boxes,
            is_weak: vec![false; boxes],
            above: vec![Vec::new(); boxes],
            below: vec![Vec::new(); boxes],
            chains: Vec::with_capacity(lines.len()),
            layers: Vec::new(),
            position: Vec::new(),
        };
        for (number, line) in lines.iter().enumerate() {
            let mut chain = Vec::new();
            if line.from != line.to {
                let turned = ranking.leads_back[number];
                let (top, bottom) = if turned { (line.to, line.from) } else { (line.from, line.to) };
                let (first, last) = (pieces.layer_of[top] + 1, pieces.layer_of[bottom] - 1);
                let labelled = if turned { last } else { first };
                let mut before = top;
                for layer in first..=last {
                    let size = if layer == labelled { line.label } else { Size::default() };
                    let piece = pieces.sizes.len();
                    pieces.sizes.push(size);
                    pieces.layer_of.push(layer);
                    pieces.is_weak.push(line.is_weak || turned);
                    pieces.above.push(vec![before]);
                    pieces.below.push(Vec::new());
                    pieces.below[before].push(piece);
                    chain.push(piece);
                    before = piece;
                }
                pieces.below[before].push(bottom);
                pieces.above[bottom].push(before);
            }
            pieces.chains.push(chain);
        }
        pieces.first_order();
        pieces
    }

    /// Each layer in the order in which its pieces are met, going down from the top.
    fn first_order(&mut self) {
        let depth = self.layer_of.iter().max().map_or(0, |layer| layer + 1);
        self.layers = vec![Vec::new(); depth];
        self.position = vec![0; self.sizes.len()];
        let mut seen = vec![false; self.sizes.len()];
        let mut roots: Vec<usize> = (0..self.boxes).collect();
        roots.sort_by_key(|root| self.layer_of[*root]);
        for root in roots {
            let mut waiting = vec![root];
            while let Some(piece) = waiting.pop() {
                if std::mem::replace(&mut seen[piece], true) {
                    continue;
                }
                self.layers[self.layer_of[piece]].push(piece);
                waiting.extend(self.below[piece].iter().rev());
            }
        }
        self.number();
    }

    fn number(&mut self) {
        for layer in &self.layers {
            for (position, piece) in layer.iter().enumerate() {
                self.position[*piece] = position;
            }
        }
    }

    /// Sorts the layers until fewer lines cross no more.
    fn sort(&mut self) {
        let rounds = if self.sizes.len() > 4_000 { 6 } else { 16 };
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..rounds {
            if best.0 == 0 {
                break;
            }
            let is_down = round % 2 == 0;
            let order: Vec<usize> =
                if is_down { (1..self.layers.len()).collect() } else { (0..self.layers.len() - 1).rev().collect() };
            for layer in order {
                self.sort_layer(layer, is_down);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
        self.number();
    }

    /// Puts each piece of a layer near the middle of what it is joined to.
    fn sort_layer(&mut self, layer: usize, is_down: bool) {
        let joined = if is_down { &self.above } else { &self.below };
        let mut keyed: Vec<(f64, usize)> = self.layers[layer]
            .iter()
            .map(|piece| {
                let neighbours = &joined[*piece];
                let sum: usize = neighbours.iter().map(|other| self.position[*other]).sum();
                let middle = match neighbours.len() {
                    0 => self.position[*piece] as f64,
                    count => sum as f64 / count as f64,
                };
                (middle, *piece)
            })
            .collect();
        keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        for (position, (_, piece)) in keyed.iter().enumerate() {
            self.position[*piece] = position;
        }
        self.layers[layer] = keyed.into_iter().map(|(_, piece)| piece).collect();
    }

    /// How many lines cross, counted between each two layers with a tree of sums.
    fn crossings(&self) -> usize {
        let mut crossings = 0;
        for layer in self.layers.iter().skip(1) {
            let mut ends: Vec<usize> = Vec::new();
            for piece in layer {
                let mut tops: Vec<usize> = self.above[*piece].iter().map(|other| self.position[*other]).collect();
                tops.sort_unstable();
                ends.extend(tops);
            }
            let Some(most) = ends.iter().max() else { continue };
            let mut sums = vec![0_usize; most + 2];
            for (before, end) in ends.iter().enumerate() {
                // Those before that end further to the right cross this one.
                let mut at = end + 1;
                let mut not_right = 0;
                while at > 0 {
                    not_right += sums[at];
                    at &= at - 1;
                }
                crossings += before - not_right;
                let mut at = end + 1;
                while at < sums.len() {
                    sums[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
        crossings
    }

    /// How far the middles of two neighbours have to be apart.
    fn distance(&self, left: usize, right: usize) -> f64 {
        let is_box = |piece: usize| piece < self.boxes;
        let gap = if is_box(left) && is_box(right) { BOX_GAP } else { LINE_GAP };
        (self.sizes[left].width + self.sizes[right].width) / 2.0 + gap
    }

    fn place(&self, sizes: &[Size], lines: &[Line], ranking: &Ranking, x: &[f64]) -> Layout {
        let all = 0..self.sizes.len();
        let left = all.clone().map(|piece| x[piece] - self.sizes[piece].width / 2.0).fold(f64::INFINITY, f64::min);
        let right = all.map(|piece| x[piece] + self.sizes[piece].width / 2.0).fold(f64::NEG_INFINITY, f64::max);
        let x: Vec<f64> = x.iter().map(|x| round(x - left)).collect();
        // From top to bottom; lines that go far to the side get room for their curve.
        let mut bands: Vec<(f64, f64)> = Vec::with_capacity(self.layers.len());
        let mut y = 0.0;
        for layer in &self.layers {
            let height = layer.iter().map(|piece| self.sizes[*piece].height).fold(0.0, f64::max);
            let aside =
                layer.iter().flat_map(|piece| self.above[*piece].iter().map(|above| (x[*piece] - x[*above]).abs()));
            let aside = aside.fold(0.0, f64::max);
            if !bands.is_empty() {
                y += LAYER_GAP + (aside * 0.05).min(30.0);
            }
            bands.push((round(y), round(y + height)));
            y += height;
        }
        let boxes: Vec<Point> = (0..self.boxes)
            .map(|node| {
                let (top, bottom) = bands[self.layer_of[node]];
                Point { x: x[node], y: (top + bottom) / 2.0 }
            })
            .collect();
        let ports = Ports::new(self, &x);
        let routes = lines.iter().enumerate().map(|(number, line)| {
            let chain = &self.chains[number];
            let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
                return (Vec::new(), Point::default());
            };
            let turned = ranking.leads_back[number];
            let (top, bottom) = if turned { (line.to, line.from) } else { (line.from, line.to) };
            let mut points = vec![Point { x: ports.below(top, *first), y: boxes[top].y + sizes[top].height / 2.0 }];
            for piece in chain {
                let (from, to) = bands[self.layer_of[*piece]];
                points.extend([Point { x: x[*piece], y: from }, Point { x: x[*piece], y: to }]);
            }
            points.push(Point { x: ports.above(bottom, *last), y: boxes[bottom].y - sizes[bottom].height / 2.0 });
            points.dedup();
            let labelled = if turned { *last } else { *first };
            let (from, to) = bands[self.layer_of[labelled]];
            if turned {
                points.reverse();
            }
            (points, Point { x: x[labelled], y: (from + to) / 2.0 })
        });
        Layout { lines: routes.collect(), boxes, size: Size { width: round(right - left), height: round(y) } }
    }
}

/// Where lines meet boxes: beside each other, with a straight one in the middle.
struct Ports<'a> {
    pieces: &'a Pieces,
    x: &'a [f64],
}

impl<'a> Ports<'a> {
    fn new(pieces: &'a Pieces, x: &'a [f64]) -> Self {
        Self { pieces, x }
    }

    fn below(&self, node: usize, piece: usize) -> f64 {
        self.port(node, piece, &self.pieces.below[node])
    }

    fn above(&self, node: usize, piece: usize) -> f64 {
        self.port(node, piece, &self.pieces.above[node])
    }

    fn port(&self, node: usize, piece: usize, joined: &[usize]) -> f64 {
        let middle = self.x[node];
        // Many lines at one box share one place.
        if joined.len() == 1 || joined.len() > 12 {
            return middle;
        }
        let mut sorted = joined.to_vec();
        sorted.sort_by_key(|other| self.pieces.position[*other]);
        let is_straight = |other: &usize| (self.x[*other] - middle).abs() < 1.0;
        let centre = match sorted.iter().position(is_straight) {
            Some(straight) => straight as f64,
            None => (sorted.len() - 1) as f64 / 2.0,
        };
        let place = sorted.iter().position(|other| *other == piece).unwrap_or_default();
        let room = (self.pieces.sizes[node].width - 24.0).max(0.0) / sorted.len() as f64;
        round(middle + (place as f64 - centre) * room.min(20.0))
    }
}

fn round(value: f64) -> f64 {
    (value * 2.0).round() / 2.0
}

/// Finds x: four times, each leaning to one corner, and then the middle.
struct Alignment<'a> {
    pieces: &'a Pieces,
    /// Joints that must not be straight, since a long line that crosses them is.
    crossed: HashSet<(usize, usize)>,
}

impl<'a> Alignment<'a> {
    fn new(pieces: &'a Pieces) -> Self {
        let mut crossed = HashSet::new();
        let is_line = |piece: usize| piece >= pieces.boxes;
        for pair in pieces.layers.windows(2) {
            let [upper, lower] = pair else { continue };
            let mut left = 0;
            let mut looked_at = 0;
            for (position, piece) in lower.iter().enumerate() {
                let long = pieces.above[*piece].iter().find(|above| is_line(**above) && is_line(*piece));
                if long.is_none() && position + 1 != lower.len() {
                    continue;
                }
                let right = long.map_or(upper.len(), |above| pieces.position[*above]);
                for between in &lower[looked_at..=position] {
                    for above in &pieces.above[*between] {
                        let at = pieces.position[*above];
                        if (at < left || at > right) && !(is_line(*above) && is_line(*between)) {
                            crossed.insert((*above, *between));
                        }
                    }
                }
                looked_at = position + 1;
                left = right;
            }
        }
        Self { pieces, crossed }
    }

    fn coordinates(&self) -> Vec<f64> {
        let mut all: Vec<Vec<f64>> = Vec::new();
        for is_down in [true, false] {
            for is_left in [true, false] {
                all.push(self.leaning(is_down, is_left));
            }
        }
        let extent = |x: &[f64]| {
            let half = |piece: usize| self.pieces.sizes[piece].width / 2.0;
            let least = x.iter().enumerate().map(|(piece, x)| x - half(piece)).fold(f64::INFINITY, f64::min);
            let most = x.iter().enumerate().map(|(piece, x)| x + half(piece)).fold(f64::NEG_INFINITY, f64::max);
            (least, most)
        };
        // All are moved to where the narrowest one is.
        let extents: Vec<(f64, f64)> = all.iter().map(|x| extent(x)).collect();
        let width = |number: &usize| extents[*number].1 - extents[*number].0;
        let narrowest = (0..4).min_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or_default();
        for (number, x) in all.iter_mut().enumerate() {
            let is_left = number % 2 == 0;
            let shift = match is_left {
                true => extents[narrowest].0 - extents[number].0,
                false => extents[narrowest].1 - extents[number].1,
            };
            x.iter_mut().for_each(|x| *x += shift);
        }
        (0..self.pieces.sizes.len())
            .map(|piece| {
                let mut four = [all[0][piece], all[1][piece], all[2][piece], all[3][piece]];
                four.sort_by(f64::total_cmp);
                (four[1] + four[2]) / 2.0
            })
            .collect()
    }

    /// One of the four: pieces are put in line with what is above or below, the leftmost or the rightmost first.
    fn leaning(&self, is_down: bool, is_left: bool) -> Vec<f64> {
        let count = self.pieces.sizes.len();
        let mut layers: Vec<Vec<usize>> = self.pieces.layers.clone();
        if !is_down {
            layers.reverse();
        }
        if !is_left {
            layers.iter_mut().for_each(|layer| layer.reverse());
        }
        let mut position = vec![0_usize; count];
        for layer in &layers {
            for (at, piece) in layer.iter().enumerate() {
                position[*piece] = at;
            }
        }
        let joined = if is_down { &self.pieces.above } else { &self.pieces.below };
        let mut root: Vec<usize> = (0..count).collect();
        let mut next: Vec<usize> = (0..count).collect();
        for layer in &layers {
            let mut taken: Option<usize> = None;
            for piece in layer {
                let mut neighbours = self.to_align(*piece, joined, is_down);
                neighbours.sort_by_key(|other| position[*other]);
                let Some(last) = neighbours.len().checked_sub(1) else { continue };
                for middle in [last / 2, last.div_ceil(2)] {
                    let other = neighbours[middle];
                    let joint = if is_down { (other, *piece) } else { (*piece, other) };
                    let is_free = taken.is_none_or(|taken| taken < position[other]);
                    if next[*piece] == *piece && is_free && !self.crossed.contains(&joint) {
                        next[other] = *piece;
                        root[*piece] = root[other];
                        next[*piece] = root[*piece];
                        taken = Some(position[other]);
                    }
                }
            }
        }
        let x = self.pushed_together(&layers, &root);
        (0..count).map(|piece| if is_left { x[root[piece]] } else { -x[root[piece]] }).collect()
    }

    /// What a piece may be put in line with: weak lines only where there are no others.
    fn to_align(&self, piece: usize, joined: &[Vec<usize>], is_down: bool) -> Vec<usize> {
        let pieces = self.pieces;
        let is_strong = |other: &&usize| !pieces.is_weak[**other];
        if piece < pieces.boxes {
            let strong: Vec<usize> = joined[piece].iter().filter(is_strong).copied().collect();
            return if strong.is_empty() { joined[piece].clone() } else { strong };
        }
        // A weak line leaves the place under a box to a strong one.
        let back = if is_down { &pieces.below } else { &pieces.above };
        let leaves = |other: &&usize| {
            !(pieces.is_weak[piece] && **other < pieces.boxes && back[**other].iter().any(|one| !pieces.is_weak[*one]))
        };
        joined[piece].iter().filter(leaves).copied().collect()
    }

    /// The x of each block of pieces that are in line: as far to the left as its neighbours let it, then back towards
    /// those on its right.
    fn pushed_together(&self, layers: &[Vec<usize>], root: &[usize]) -> Vec<f64> {
        let count = root.len();
        let mut right: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
        let mut waits_for = vec![0_usize; count];
        for layer in layers {
            for pair in layer.windows(2) {
                let (a, b) = (root[pair[0]], root[pair[1]]);
                right[a].push((b, self.pieces.distance(pair[0], pair[1])));
                waits_for[b] += 1;
            }
        }
        let mut x = vec![0.0_f64; count];
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut ready: Vec<usize> =
            (0..count).filter(|piece| root[*piece] == *piece && waits_for[*piece] == 0).collect();
        while let Some(block) = ready.pop() {
            order.push(block);
            for (other, distance) in &right[block] {
                x[*other] = x[*other].max(x[block] + distance);
                waits_for[*other] -= 1;
                if waits_for[*other] == 0 {
                    ready.push(*other);
                }
            }
        }
        for block in order.into_iter().rev() {
            let room = right[block].iter().map(|(other, distance)| x[*other] - distance).fold(f64::INFINITY, f64::min);
            if room.is_finite() {
                x[block] = x[block].max(room);
            }
        }
        x
    }
}
