// The layout of pages follows LMDB 0.9's mdb.c: MDB_page, MDB_node, MDB_meta, MDB_db.
#include "runtime/store/page_check.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace switchboard::store {
namespace {

constexpr std::size_t page_header = 16;
constexpr std::size_t node_header = 8;
constexpr std::uint16_t branch_page = 0x01, leaf_page = 0x02, overflow_page = 0x04,
                        meta_page = 0x08;
constexpr std::uint16_t kinds_of_page = 0x2f;
constexpr std::uint16_t node_overflows = 0x01, node_is_tree = 0x02;
constexpr std::uint16_t tree_has_integer_keys = 0x08;
constexpr std::uint32_t magic = 0xBEEFC0DE, format = 1;
constexpr std::uint64_t no_page = ~std::uint64_t{0};
constexpr std::size_t deepest = 32, longest_key = 511;
constexpr std::size_t meta_bytes = page_header + 136;

template <class T> T read_at(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// MDB_db: where a tree begins and what it holds.
struct tree {
  static constexpr std::size_t bytes = 48;
  std::uint16_t flags, depth;
  std::uint64_t branches, leaves, overflows, entries, root;

  static tree at(const char* p) {
    return {read_at<std::uint16_t>(p + 4),  read_at<std::uint16_t>(p + 6),
            read_at<std::uint64_t>(p + 8),  read_at<std::uint64_t>(p + 16),
            read_at<std::uint64_t>(p + 24), read_at<std::uint64_t>(p + 32),
            read_at<std::uint64_t>(p + 40)};
  }
  bool integer_keys() const { return flags & tree_has_integer_keys; }
};

struct meta {
  std::uint32_t page_size;
  tree free, main;
  std::uint64_t last_page, transaction;
};

struct node {
  std::uint64_t child;  // of a branch
  std::uint32_t size;   // of a leaf
  std::uint16_t flags;
  std::string_view key;
  const char* data;
};

/// Between which keys everything below a branch lies: from the first, below the second. Empty: no
/// bound.
struct key_range {
  std::string from, below;
};

class page_walk {
 public:
  /// Of the newest transaction, where none is wanted.
  page_walk(const std::string& file, const page_check_limits& limits,
            std::optional<std::uint64_t> wanted = {})
      : file_(file),
        limits_(limits),
        wanted_(wanted),
        fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~page_walk() {
    if (fd_ >= 0) ::close(fd_);
  }
  page_walk(const page_walk&) = delete;

  result<page_check_report> run() {
    if (fd_ < 0) return fail(errc::internal, "cannot read " + file_ + ": " + std::strerror(errno));
    if (!read_meta()) return trouble();
    walking_ = &meta_.free;
    if (!walk_tree(meta_.free, "the list of free pages", false)) return trouble();
    walking_ = &meta_.main;
    if (!walk_tree(meta_.main, "the list of tables", true)) return trouble();
    return report_;
  }
  std::uint64_t transaction() const { return meta_.transaction; }

 private:
  tl::unexpected<error> trouble() const {
    return tl::unexpected(error{code_, file_ + " " + trouble_, {}, "page", trouble_page_});
  }
  bool wrong(std::uint64_t page, const std::string& what) {
    trouble_page_ = std::int64_t(page);
    trouble_ = "is damaged at page " + std::to_string(page) + ": " + what;
    return false;
  }
  bool cut_short(std::uint64_t page) {
    trouble_page_ = std::int64_t(page);
    trouble_ = "is cut short: it has " + std::to_string(file_bytes_) +
               " bytes, and what was last written to it needs page " + std::to_string(page) +
               " of " + std::to_string(meta_.last_page + 1) + ", " +
               std::to_string((page + 1) * meta_.page_size) + " bytes";
    return false;
  }

  bool read_meta();
  std::optional<meta> meta_at(std::uint64_t offset) const;
  bool read_page(std::uint64_t number, std::uint16_t kind, std::string& into);
  bool walk_tree(const tree& t, const std::string& name, bool of_trees);
  bool walk_page(const tree& t, std::uint64_t number, std::size_t level, bool of_trees,
                 const key_range& within);
  bool walk_leaf(std::uint64_t number, const std::string& page, bool of_trees);
  bool look_at_overflow(std::uint64_t leaf, const node& n);
  bool look_at_free(std::uint64_t leaf, const node& n);
  bool take(std::uint64_t first, std::uint64_t pages);
  bool walks_free() const { return walking_ == &meta_.free; }
  std::optional<node> node_at(const std::string& page, std::size_t i, bool leaf) const;
  bool in_order(const tree& t, const std::string& page, bool leaf, std::uint64_t number,
                const key_range& within);

  const std::string& file_;
  const page_check_limits& limits_;
  const std::optional<std::uint64_t> wanted_;
  int fd_;
  std::uint64_t file_bytes_ = 0;
  meta meta_{};
  page_check_report report_;
  /// Of the tree under way.
  page_check_report tree_;
  const tree* walking_ = nullptr;
  /// Pages somebody holds, the list of free pages too: a page that two hold would be written over.
  std::vector<bool> taken_;
  std::string trouble_;
  errc code_ = errc::internal;
  std::int64_t trouble_page_ = 0;
};

std::optional<meta> page_walk::meta_at(std::uint64_t offset) const {
  char bytes[meta_bytes];
  if (::pread(fd_, bytes, sizeof bytes, off_t(offset)) != ssize_t(sizeof bytes)) return {};
  const char* m = bytes + page_header;
  const bool is_meta = read_at<std::uint16_t>(bytes + 10) & meta_page;
  if (!is_meta || read_at<std::uint32_t>(m) != magic || read_at<std::uint32_t>(m + 4) != format) {
    return {};
  }
  return meta{read_at<std::uint32_t>(m + 24), tree::at(m + 24), tree::at(m + 24 + tree::bytes),
              read_at<std::uint64_t>(m + 120), read_at<std::uint64_t>(m + 128)};
}

bool page_walk::read_meta() {
  struct stat s;
  if (::fstat(fd_, &s) == 0) file_bytes_ = std::uint64_t(s.st_size);
  auto first = meta_at(0);
  auto says = first ? std::size_t{first->page_size} : std::size_t(::sysconf(_SC_PAGESIZE));
  auto second = meta_at(says);
  // LMDB looks at both, and takes neither when one of them is no meta page.
  if (!first || !second) {
    trouble_ = "is no LMDB file, or its first pages are damaged; it has " +
               std::to_string(file_bytes_) + " bytes";
    return false;
  }
  const bool second_is_it =
      wanted_ ? second->transaction == *wanted_ : second->transaction > first->transaction;
  meta_ = second_is_it ? *second : *first;
  if (wanted_ && meta_.transaction != *wanted_) {
    trouble_ = "has been written to since";
    code_ = errc::aborted;
    return false;
  }
  const auto size = meta_.page_size;
  if (size < 512 || size > 65536 || (size & (size - 1)) != 0) return wrong(0, "no size of a page");
  constexpr std::uint64_t most_pages = std::uint64_t{1} << 36;
  if (meta_.last_page >= most_pages) return wrong(0, "no number of pages");
  taken_.resize(meta_.last_page + 1);
  return true;
}

bool page_walk::take(std::uint64_t first, std::uint64_t pages) {
  for (auto page = first; page < first + pages; ++page) {
    if (taken_[page]) return wrong(page, "two parts of the file hold it");
    taken_[page] = true;
  }
  return true;
}

bool page_walk::read_page(std::uint64_t number, std::uint16_t kind, std::string& into) {
  const std::uint64_t at = number * meta_.page_size;
  if (at + meta_.page_size > file_bytes_) return cut_short(number);
  into.resize(meta_.page_size);
  const auto n = ::pread(fd_, into.data(), into.size(), off_t(at));
  if (n != ssize_t(into.size())) {
    return wrong(number, std::string("cannot be read: ") + std::strerror(n < 0 ? errno : EIO));
  }
  if (read_at<std::uint64_t>(into.data()) != number) return wrong(number, "it says it is another");
  if ((read_at<std::uint16_t>(into.data() + 10) & kinds_of_page) != kind) {
    return wrong(number, "it is of another kind than expected");
  }
  return true;
}

bool page_walk::walk_tree(const tree& t, const std::string& name, bool of_trees) {
  if (t.root == no_page) return true;
  if (t.depth == 0 || t.depth > deepest) return wrong(t.root, name + " has no possible depth");
  tree_ = {};
  if (!walk_page(t, t.root, 1, of_trees, {})) return false;
  // The trees within were walked on the way, and have counted for themselves.
  const bool counted = tree_.branch_pages == t.branches && tree_.leaf_pages == t.leaves &&
                       tree_.overflow_pages == t.overflows && tree_.entries == t.entries;
  if (report_.whole && !counted)
    return wrong(t.root, name + " does not hold what it says it holds");
  return true;
}

std::optional<node> page_walk::node_at(const std::string& page, std::size_t i, bool leaf) const {
  const std::size_t at = read_at<std::uint16_t>(page.data() + page_header + 2 * i);
  if (at < page_header || at + node_header > page.size()) return {};
  const char* p = page.data() + at;
  const std::uint64_t low = read_at<std::uint16_t>(p), high = read_at<std::uint16_t>(p + 2);
  const auto flags = read_at<std::uint16_t>(p + 4);
  const std::size_t key = read_at<std::uint16_t>(p + 6);
  if (at + node_header + key > page.size()) return {};
  node n{low | high << 16 | std::uint64_t{flags} << 32,
         std::uint32_t(low | high << 16),
         flags,
         {p + node_header, key},
         p + node_header + key};
  if (!leaf) return n;
  n.child = 0;
  const std::size_t within = flags & node_overflows ? sizeof(std::uint64_t) : n.size;
  if (key == 0 || key > longest_key || (flags & ~(node_overflows | node_is_tree)) != 0) return {};
  if (at + node_header + key + within > page.size()) return {};
  return n;
}

bool ascends(const tree& t, std::string_view a, std::string_view b) {
  if (!t.integer_keys()) return a < b;
  return read_at<std::uint64_t>(a.data()) < read_at<std::uint64_t>(b.data());
}

bool page_walk::in_order(const tree& t, const std::string& page, bool leaf, std::uint64_t number,
                         const key_range& within) {
  const std::size_t lower = read_at<std::uint16_t>(page.data() + 12);
  const std::size_t upper = read_at<std::uint16_t>(page.data() + 14);
  if (lower < page_header || lower > upper || upper > page.size() || lower % 2 != 0) {
    return wrong(number, "its bounds are not possible");
  }
  const std::size_t n = (lower - page_header) / 2;
  if (n == 0 || (!leaf && n < 2 && !walks_free())) return wrong(number, "it is empty");
  std::string_view before = within.from;
  for (std::size_t i = 0; i < n; ++i) {
    auto now = node_at(page, i, leaf);
    if (!now) return wrong(number, "entry " + std::to_string(i) + " does not lie in it");
    // The first key of a branch page stands for everything below the second.
    if (!leaf && i == 0) continue;
    if (t.integer_keys() && now->key.size() != sizeof(std::uint64_t)) {
      return wrong(number, "a key is no number");
    }
    const bool may_be_equal = leaf && i == 0;
    const bool behind =
        before.empty() || ascends(t, before, now->key) || (may_be_equal && before == now->key);
    if (!behind || (!within.below.empty() && !ascends(t, now->key, within.below))) {
      return wrong(number, "its keys are in no order");
    }
    before = now->key;
  }
  return true;
}

bool page_walk::walk_page(const tree& t, std::uint64_t number, std::size_t level, bool of_trees,
                          const key_range& within) {
  const bool leaf = level == t.depth;
  if (number < 2 || number > meta_.last_page) return wrong(number, "there is no such page");
  if (!take(number, 1)) return false;
  if (leaf && report_.leaf_pages >= limits_.leaf_pages) {
    report_.whole = false;
    // Where the page is must be in the file all the same.
    return (number + 1) * meta_.page_size <= file_bytes_ || cut_short(number);
  }
  std::string page;
  if (!read_page(number, leaf ? leaf_page : branch_page, page)) return false;
  if (!in_order(t, page, leaf, number, within)) return false;
  if (leaf) return walk_leaf(number, page, of_trees);
  ++tree_.branch_pages;
  ++report_.branch_pages;
  const std::size_t n = (read_at<std::uint16_t>(page.data() + 12) - page_header) / 2;
  for (std::size_t i = 0; i < n; ++i) {
    key_range below;
    below.from = i == 0 ? within.from : std::string(node_at(page, i, false)->key);
    below.below = i + 1 == n ? within.below : std::string(node_at(page, i + 1, false)->key);
    if (!walk_page(t, node_at(page, i, false)->child, level + 1, of_trees, below)) return false;
  }
  return true;
}

bool page_walk::walk_leaf(std::uint64_t number, const std::string& page, bool of_trees) {
  ++tree_.leaf_pages;
  ++report_.leaf_pages;
  const std::size_t n = (read_at<std::uint16_t>(page.data() + 12) - page_header) / 2;
  for (std::size_t i = 0; i < n; ++i) {
    auto entry = *node_at(page, i, true);
    ++tree_.entries;
    ++report_.entries;
    if ((entry.flags & node_overflows) && !look_at_overflow(number, entry)) return false;
    if (walks_free() && !look_at_free(number, entry)) return false;
    if (entry.flags & node_overflows) continue;
    const bool is_tree = entry.flags & node_is_tree;
    if (is_tree != of_trees || (is_tree && entry.size != tree::bytes)) {
      return wrong(number, "entry " + std::to_string(i) + " is of another kind than expected");
    }
    if (!is_tree) continue;
    const auto outer = tree_;
    if (!walk_tree(tree::at(entry.data), "table " + std::string(entry.key), false)) return false;
    tree_ = outer;
  }
  return true;
}

bool page_walk::look_at_overflow(std::uint64_t leaf, const node& n) {
  const auto first = read_at<std::uint64_t>(n.data);
  const std::uint64_t needed = (page_header - 1 + std::uint64_t{n.size}) / meta_.page_size + 1;
  if (first < 2 || first > meta_.last_page || needed > meta_.last_page + 1 - first) {
    return wrong(leaf, "a value lies beyond the last page");
  }
  if ((first + needed) * meta_.page_size > file_bytes_) return cut_short(first + needed - 1);
  char head[page_header];
  if (::pread(fd_, head, sizeof head, off_t(first * meta_.page_size)) != ssize_t(sizeof head)) {
    return wrong(first, "cannot be read");
  }
  // More than is needed, where the value was longer once.
  const std::uint64_t pages = read_at<std::uint32_t>(head + 12);
  if (read_at<std::uint64_t>(head) != first ||
      (read_at<std::uint16_t>(head + 10) & kinds_of_page) != overflow_page || pages < needed ||
      pages > meta_.last_page + 1 - first) {
    return wrong(first, "it is not the value that page " + std::to_string(leaf) + " speaks of");
  }
  tree_.overflow_pages += pages;
  report_.overflow_pages += pages;
  return take(first, pages);
}

/// A value of the list of free pages: how many, and their numbers.
bool page_walk::look_at_free(std::uint64_t leaf, const node& n) {
  std::string listed(n.size, '\0');
  if (n.flags & node_overflows) {
    const auto at = read_at<std::uint64_t>(n.data) * meta_.page_size + page_header;
    if (::pread(fd_, listed.data(), listed.size(), off_t(at)) != ssize_t(listed.size())) {
      return wrong(leaf, "a list of free pages cannot be read");
    }
  } else {
    listed.assign(n.data, n.size);
  }
  constexpr std::size_t number = sizeof(std::uint64_t);
  const auto count = listed.size() < number ? no_page : read_at<std::uint64_t>(listed.data());
  if (count > listed.size() / number - 1) return wrong(leaf, "a list of free pages is no list");
  for (std::uint64_t i = 1; i <= count; ++i) {
    const auto page = read_at<std::uint64_t>(listed.data() + i * number);
    if (page < 2 || page > meta_.last_page) return wrong(leaf, "a free page is none of the file's");
    if (!take(page, 1)) return false;
  }
  return true;
}

}  // namespace

result<page_check_report> check_pages(const std::string& file, const page_check_limits& limits) {
  constexpr int tries = 3;
  for (int round = 1;; ++round) {
    page_walk first(file, limits);
    auto found = first.run();
    if (found || round == tries) return found;
    // Another process may write to it: what looks like damage is looked at again if it has.
    page_walk second(file, {0});
    (void)second.run();
    if (second.transaction() == first.transaction()) return found;
  }
}

result<page_check_report> check_pages_of(const std::string& file, std::uint64_t transaction) {
  return page_walk(file, all_pages, transaction).run();
}

}  // namespace switchboard::store
