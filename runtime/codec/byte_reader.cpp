#include "runtime/codec/byte_reader.hpp"

#include <bit>
#include <utility>

namespace switchboard::codec {

/// The big-endian number of `width` bytes after the head.
std::optional<std::uint64_t> byte_reader::number(std::size_t width) const {
  if (bytes_.size() - at_ < 1 + width) return {};
  std::uint64_t n = 0;
  for (std::size_t i = 1; i <= width; ++i) n = n << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
  return n;
}

std::optional<std::string_view> byte_reader::stretch(std::size_t head, std::uint64_t size) {
  if (bytes_.size() - at_ < head || bytes_.size() - at_ - head < size) return {};
  auto found = bytes_.substr(at_ + head, static_cast<std::size_t>(size));
  at_ += head + found.size();
  return found;
}

/// Arrays and maps: fifteen sizes in the head itself, then 16 and 32 bits from `wide` on.
std::optional<std::uint32_t> byte_reader::container(std::uint8_t fix_from, std::uint8_t wide) {
  if (at_end()) return {};
  auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if ((head & 0xf0) == fix_from) {
    ++at_;
    return head & 0x0fu;
  }
  if (head != wide && head != wide + 1) return {};
  std::size_t width = head == wide ? 2 : 4;
  auto n = number(width);
  if (n) at_ += 1 + width;
  return n ? std::optional(static_cast<std::uint32_t>(*n)) : std::nullopt;
}

std::optional<std::uint32_t> byte_reader::array() {
  return container(0x90, 0xdc);
}
std::optional<std::uint32_t> byte_reader::map() {
  return container(0x80, 0xde);
}

std::optional<std::uint64_t> byte_reader::uinteger() {
  if (at_end()) return {};
  auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if (head < 0x80) {
    ++at_;
    return head;
  }
  if (head < 0xcc || head > 0xcf) return {};
  auto width = std::size_t{1} << (head - 0xcc);
  auto n = number(width);
  if (n) at_ += 1 + width;
  return n;
}

std::optional<std::int64_t> byte_reader::integer() {
  const auto before = at_;
  if (const auto n = uinteger()) {
    if (std::in_range<std::int64_t>(*n)) return static_cast<std::int64_t>(*n);
    at_ = before;
    return {};
  }
  if (at_end()) return {};
  auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if (head >= 0xe0) {
    ++at_;
    return static_cast<std::int8_t>(head);
  }
  if (head < 0xd0 || head > 0xd3) return {};
  auto width = std::size_t{1} << (head - 0xd0);
  auto n = number(width);
  if (!n) return {};
  at_ += 1 + width;
  auto unused = 64 - 8 * width;
  return static_cast<std::int64_t>(*n << unused) >> unused;
}

std::optional<double> byte_reader::real() {
  if (at_end()) return {};
  const auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if (head != 0xca && head != 0xcb) {
    if (const auto n = uinteger()) return static_cast<double>(*n);
    const auto n = integer();
    return n ? std::optional(static_cast<double>(*n)) : std::nullopt;
  }
  const std::size_t width = head == 0xca ? 4 : 8;
  const auto bits = number(width);
  if (!bits) return {};
  at_ += 1 + width;
  if (width == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(*bits));
  return std::bit_cast<double>(*bits);
}

std::optional<bool> byte_reader::boolean() {
  if (at_end()) return {};
  const auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if (head != 0xc2 && head != 0xc3) return {};
  ++at_;
  return head == 0xc3;
}

std::optional<std::string_view> byte_reader::text() {
  if (at_end()) return {};
  auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if ((head & 0xe0) == 0xa0) return stretch(1, head & 0x1fu);
  if (head < 0xd9 || head > 0xdb) return {};
  auto width = std::size_t{1} << (head - 0xd9);
  auto n = number(width);
  return n ? stretch(1 + width, *n) : std::nullopt;
}

std::optional<std::string_view> byte_reader::bin() {
  if (at_end()) return {};
  auto head = static_cast<std::uint8_t>(bytes_[at_]);
  if (head < 0xc4 || head > 0xc6) return {};
  auto width = std::size_t{1} << (head - 0xc4);
  auto n = number(width);
  return n ? stretch(1 + width, *n) : std::nullopt;
}

std::optional<std::uint64_t> byte_reader::skip_head() {
  if (at_end()) return {};
  if (auto n = array()) return *n;
  if (auto n = map()) return std::uint64_t{2} * *n;
  if (text() || bin() || integer() || uinteger()) return 0;
  auto head = static_cast<std::uint8_t>(bytes_[at_]);
  std::uint64_t size = 0;
  std::size_t front = 1;
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      break;
    case 0xca:
      size = 4;
      break;
    case 0xcb:
      size = 8;
      break;
    case 0xc7:
    case 0xc8:
    case 0xc9: {
      auto width = std::size_t{1} << (head - 0xc7);
      auto n = number(width);
      if (!n) return {};
      front = 1 + width;
      size = *n + 1;
      break;
    }
    default:
      if (head < 0xd4 || head > 0xd8) return {};
      size = (std::uint64_t{1} << (head - 0xd4)) + 1;
  }
  if (!stretch(front, size)) return {};
  return 0;
}

std::optional<std::string_view> byte_reader::value() {
  const auto from = at_;
  if (!skip()) return {};
  return bytes_.substr(from, at_ - from);
}

bool byte_reader::skip() {
  auto before = at_;
  for (std::uint64_t left = 1; left > 0; --left) {
    auto nested = skip_head();
    if (!nested) {
      at_ = before;
      return false;
    }
    left += *nested;
  }
  return true;
}

}  // namespace switchboard::codec
