#include "actors/reception/word_filter.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

constexpr unsigned code_bits = 22;
constexpr std::size_t longest = word_filter::longest_word;

std::uint64_t key_of(std::uint32_t node, char32_t c) {
  return (std::uint64_t{node} << code_bits | c) + 1;
}

// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
std::size_t slot_of(std::uint64_t key, std::size_t slots) {
  return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15ull >> (64 - std::bit_width(slots - 1)));
}

static_assert(broken_byte + 0x100 < char32_t{1} << code_bits);

bool is_ascii_word(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// A word as texts are read: without spaces around it.
std::u32string folded_codes(std::string_view word) {
  std::u32string out;
  fold_reader reader(word);
  for (fold_unit u; reader.next(u);) out += u.code;
  if (out.starts_with(U' ')) out.erase(0, 1);
  if (out.ends_with(U' ')) out.pop_back();
  return out;
}

bool is_private_use(char32_t c) {
  return (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c < broken_byte);
}

bool goes_on_as_word(fold_reader reader, bool past_private_use) {
  fold_unit ahead;
  while (reader.next(ahead)) {
    if (!past_private_use || !is_private_use(ahead.code)) return is_ascii_word(ahead.code);
  }
  return false;
}

/// What was read last, enough to go back over the longest word.
struct trail {
  std::uint32_t begin[longest + 1];
  char32_t code[longest + 1];
  std::uint32_t count = 0;

  void add(const fold_unit& u) {
    begin[count & longest] = u.begin;
    code[count & longest] = u.code;
    ++count;
  }
};

}  // namespace

/// The trie while it grows: children in maps, by code point.
class word_filter::builder {
 public:
  builder() { children_.emplace_back(), nodes_.emplace_back(); }

  bool add(std::string_view word, std::uint64_t list) {
    std::u32string codes = folded_codes(word);
    if (codes.empty() || codes.size() > longest) return false;
    std::uint32_t at = 0;
    for (auto c : codes) {
      auto [it, fresh] = children_[at].try_emplace(c, static_cast<std::uint32_t>(nodes_.size()));
      at = it->second;
      if (!fresh) continue;
      children_.emplace_back();
      nodes_.emplace_back();
    }
    auto& n = nodes_[at];
    bool fresh = n.lists == 0;
    n.lists |= list;
    n.length = static_cast<std::uint32_t>(codes.size());
    n.edge_before = is_ascii_word(codes.front());
    n.edge_after = is_ascii_word(codes.back());
    n.has_private_use = std::ranges::any_of(codes, is_private_use);
    has_private_use_ = has_private_use_ || n.has_private_use;
    return fresh;
  }

  void finish(word_filter& out) {
    std::size_t slots = std::bit_ceil(2 * nodes_.size() + 2);
    out.edges_.assign(slots, {});
    out.first_.assign(0x10000 / 64, 0);
    for (std::uint32_t n = 0; n < children_.size(); ++n) {
      for (auto [c, to] : children_[n]) {
        auto key = key_of(n, c);
        auto at = slot_of(key, slots);
        while (out.edges_[at].key != 0) at = (at + 1) & (slots - 1);
        out.edges_[at] = {key, to};
        if (n == 0 && c < out.ascii_first_.size()) out.ascii_first_[c] = to;
        if (n == 0 && c < 0x10000) out.first_[c >> 6] |= std::uint64_t{1} << (c & 63);
      }
    }
    out.nodes_ = std::move(nodes_);
    out.has_private_use_ = has_private_use_;
    link(out);
  }

 private:
  // Breadth first: a node's links lead to shorter ones, which are done.
  void link(word_filter& out) {
    std::vector<std::uint32_t> order;
    for (auto [c, to] : children_[0]) order.push_back(to);
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto parent = order[i];
      for (auto [c, to] : children_[parent]) {
        auto fail = out.step(out.nodes_[parent].fail, c);
        auto& n = out.nodes_[to];
        n.fail = fail;
        n.shorter = out.nodes_[fail].lists != 0 ? fail : out.nodes_[fail].shorter;
        order.push_back(to);
      }
    }
  }

  std::vector<std::map<char32_t, std::uint32_t>> children_;
  std::vector<node> nodes_;
  bool has_private_use_ = false;
};

word_filter::word_filter(const std::vector<std::vector<std::string>>& lists) {
  builder b;
  for (std::size_t i = 0; i < std::min(lists.size(), most_lists); ++i) {
    for (auto& word : lists[i]) words_ += b.add(word, std::uint64_t{1} << i) ? 1 : 0;
  }
  b.finish(*this);
}

std::uint32_t word_filter::child(std::uint32_t from, char32_t c) const {
  auto key = key_of(from, c);
  for (auto at = slot_of(key, edges_.size());; at = (at + 1) & (edges_.size() - 1)) {
    if (edges_[at].key == key) return edges_[at].to;
    if (edges_[at].key == 0) return 0;
  }
}

std::uint32_t word_filter::step(std::uint32_t from, char32_t c) const {
  while (from != 0) {
    if (auto to = child(from, c)) return to;
    from = nodes_[from].fail;
  }
  if (c < ascii_first_.size()) return ascii_first_[c];
  return may_begin(c) ? child(0, c) : 0;
}

void word_filter::find(std::string_view text, std::uint64_t lists, std::vector<hit>& out) const {
  if (words_ == 0 || lists == 0) return;
  find(text, lists, reading::past_private_use, out);
  if (has_private_use_) find(text, lists, reading::with_private_use, out);
}

void word_filter::find(std::string_view text, std::uint64_t lists, reading how,
                       std::vector<hit>& out) const {
  const bool past = how == reading::past_private_use;
  trail seen;
  std::uint32_t at_node = 0;
  fold_reader reader(text);
  for (fold_unit now; reader.next(now);) {
    if (past && is_private_use(now.code)) continue;
    seen.add(now);
    at_node = step(at_node, now.code);
    auto ending = at_node == 0 || nodes_[at_node].lists != 0 ? at_node : nodes_[at_node].shorter;
    for (; ending != 0; ending = nodes_[ending].shorter) {
      auto& n = nodes_[ending];
      if ((n.lists & lists) == 0 || n.has_private_use == past) continue;
      auto first = seen.count - n.length;
      bool inside_before = n.edge_before && first > 0 && n.length <= longest &&
                           is_ascii_word(seen.code[(first - 1) & longest]);
      bool inside_after = n.edge_after && goes_on_as_word(reader, past);
      if (inside_before || inside_after) continue;
      out.push_back({seen.begin[first & longest], now.end, n.lists & lists});
    }
  }
}

}  // namespace switchboard
