// Vietnamese personal names, drawn by frequency: nobody's name in particular.
import type { Random } from './random.ts'
import type { Sex } from './model.ts'

export interface PersonName {
  familyName: string
  middleName: string
  givenName: string
  fullName: string
}

/** `Nguyễn 28` stands 28 times in the list, so that one even draw follows the weights. */
const weighted = (text: string): readonly string[] =>
  text
    .trim()
    .split(/\s+(?=\D)/)
    .flatMap((entry) => {
      const [name = '', weight = '1'] = entry.trim().split(' ')
      return Array<string>(Number(weight)).fill(name)
    })

/** Lê and Trịnh are commoner in Thanh Hóa than elsewhere; the Mường and Thái have family names of their own. */
const FAMILY: Record<string, readonly string[]> = {
  '01': weighted(`Nguyễn 56 Lê 46 Trần 16 Phạm 16 Hoàng 13 Trịnh 12 Đỗ 9 Mai 7 Vũ 7 Bùi 5 Trương 4 Đặng 4 Ngô 4 Cao 3 Hà 3
    Lưu 3 Dương 3 Phan 2 Đinh 2 Tống 2 Lương 2 Đào 2 Tạ 1 Nghiêm 1 Thiều 1 Chu 1`),
  '03': weighted('Hà 6 Lò 4 Vi 5 Lương 4 Ngân 3 Lộc 2'),
  '06': weighted('Bùi 6 Phạm 5 Trương 4 Quách 3 Cao 3 Hà 2'),
}

const MIDDLE = {
  YOUNG: {
    MALE: weighted(`Minh 10 Đức 8 Gia 9 Quang 6 Tuấn 6 Hữu 4 Anh 6 Bảo 7 Xuân 4 Đình 5 Ngọc 5 Thành 5 Công 3 Việt 4 Mạnh 4
      Trọng 3 Nhật 5 Hoàng 6 Duy 4 Văn 6 Thế 3 Hải 2`),
    FEMALE: weighted(`Ngọc 12 Thị 8 Thu 5 Phương 8 Minh 7 Khánh 7 Bảo 7 Hà 5 Thùy 5 Thanh 5 Mai 4 Quỳnh 5 Diệu 4 Kim 3 Lan 2
      Hồng 3 Yến 3 Cẩm 2 Tường 2 Gia 4 Hoài 2 Ánh 2`),
  },
  ADULT: {
    MALE: weighted('Văn 24 Đức 6 Quang 5 Hữu 6 Xuân 6 Đình 6 Ngọc 5 Bá 4 Công 3 Trọng 3 Thanh 4 Khắc 2 Minh 3 Duy 2'),
    FEMALE: weighted('Thị 40 Thu 4 Thanh 4 Hồng 4 Ngọc 3 Kim 2 Bích 2 Phương 2 Minh 2'),
  },
} satisfies Record<string, Record<Sex, readonly string[]>>

const GIVEN = {
  YOUNG: {
    MALE: weighted(`Anh 8 Huy 8 Khang 7 Bảo 7 Minh 9 Phúc 6 Đạt 6 Khoa 6 Phong 6 Long 6 Nam 6 Quân 6 Dũng 4 Hiếu 5 Tuấn 3 Sơn 4
      Cường 3 Trung 3 Kiên 5 Thắng 3 Đức 5 Tùng 3 Hải 3 Việt 3 Lâm 4 Thành 4 Vinh 3 Quang 4 Tú 3 Khánh 4 Hưng 5 Nghĩa 2 Tài 2
      Thịnh 3 Duy 3 Hoàng 4 Đăng 5 Thiên 3 Nguyên 4`),
    FEMALE: weighted(`Anh 12 Linh 10 Trang 7 Ngọc 6 Hà 5 Phương 6 Mai 4 Thảo 5 Nhi 7 My 5 Vy 6 Châu 5 Ngân 6 Yến 3 Giang 4 Hằng 2
      Huyền 4 Trâm 3 Thu 2 Chi 6 Quỳnh 3 Diệp 4 Như 4 Tâm 2 Thư 5 An 5 Hân 5 Nhung 2 Ly 3 Uyên 3 Dung 2 Khánh 3 Trà 2`),
  },
  ADULT: {
    MALE: weighted(`Hùng 7 Dũng 7 Tuấn 7 Hải 6 Sơn 6 Cường 6 Long 4 Nam 5 Thắng 5 Bình 4 Minh 4 Tùng 4 Trung 4 Hà 3 Thành 5 Quân 3
      Chiến 3 Hưng 3 Toàn 3 Lâm 2 Đông 2 Tâm 2 Quyền 2 Thọ 2`),
    FEMALE: weighted(`Hương 8 Lan 7 Hoa 6 Hằng 6 Huyền 5 Thủy 6 Hà 6 Nga 5 Loan 4 Thảo 4 Mai 4 Yến 3 Hạnh 5 Dung 5 Tuyết 3 Oanh 3
      Liên 4 Phượng 3 Nhung 4 Trang 4 Vân 4 Bích 2 Tâm 3 Quyên 2 Thu 4`),
  },
} satisfies Record<string, Record<Sex, readonly string[]>>

/** A name of that sex and generation; `familyName` fixes it for a child's father. */
export function drawName(
  random: Random,
  sex: Sex,
  generation: 'YOUNG' | 'ADULT',
  { ethnicityCode = '01', familyName }: { ethnicityCode?: string; familyName?: string } = {},
): PersonName {
  const family = familyName ?? random.pick(FAMILY[ethnicityCode] ?? (FAMILY['01'] as readonly string[]))
  const given = random.pick(GIVEN[generation][sex])
  let middle = random.pick(MIDDLE[generation][sex])
  while (middle === given) middle = random.pick(MIDDLE[generation][sex])
  return { familyName: family, middleName: middle, givenName: given, fullName: `${family} ${middle} ${given}` }
}
